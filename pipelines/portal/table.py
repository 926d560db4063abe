"""The organizations of a selection, a page of rows at a time.

Here: how many there are, and the rows of one page. Elsewhere: which they are (`selection`), how they look
(`templates/organizations.html`).
"""

from typing import Any

from pipelines.portal.selection import SORTS, Selection
from pipelines.reader import Reader

Row = dict[str, Any]
ROWS = 50
_COUNTED = """
    select
        (select count(*) {tables} where {where}) as organizations,
        (select count(*) from ({leads})) as leads
"""
_PAGE = """
    with placed as (
        select fit.organization_id
        {tables}
        where {where}
        order by {order}, fit.organization_id
        limit $rows offset $before
    ),
    routed as (
        select
            organization_id,
            list_sort(list_distinct(list(action))) as actions,
            list_sort(list_distinct(list(owner))) as owners
        from mart.route
        semi join placed using (organization_id)
        group by organization_id
    )
    select
        organization.organization_id,
        coalesce(organization.name, organization.listed_name, organization.domain, 'without a name') as name,
        organization.domain,
        organization.country,
        organization.industry,
        organization.standing,
        organization.leads,
        fit.ring,
        fit.fit,
        fit.fit_band,
        fit.readiness,
        fit.reach,
        fit.coverage,
        fit.reasons[1:3] as why,
        len(fit.reasons) as reasons,
        message.promise_id as promise,
        coalesce(routed.actions, []) as actions,
        coalesce(routed.owners, []) as owners
    from placed
    join mart.organization as organization using (organization_id)
    join mart.fit as fit using (organization_id)
    join mart.message as message using (organization_id)
    left join routed using (organization_id)
    order by {order}, fit.organization_id
"""


def counted(reader: Reader, selection: Selection) -> Row:
    """Return how many organizations and leads are selected."""
    query = _COUNTED.format(tables=selection.tables(), where=selection.where, leads=leads_of(selection))
    return reader.rows(query, selection.parameters())[0]


def page_of(reader: Reader, selection: Selection) -> list[Row]:
    """Return the rows of the selection's page, in its order; none when it is past the last."""
    query = _PAGE.format(tables=selection.tables(sorted_too=True), where=selection.where, order=SORTS[selection.sort])
    return reader.rows(query, {**selection.parameters(), "rows": ROWS, "before": (selection.page - 1) * ROWS})


def organizations_of(selection: Selection) -> str:
    """Return the query for the ids of the organizations selected."""
    return f"select fit.organization_id {selection.tables()} where {selection.where}"


def leads_of(selection: Selection) -> str:
    """Return the query for the leads selected, with their places: those at the organizations that meet the conditions."""
    query = "select lead.rowid as place, lead.lead_id, lead.organization_id from mart.lead as lead where {}"
    among = [f"lead.organization_id in ({organizations_of(selection)})"] if selection.canonical else []
    return query.format(" and ".join([*filter(None, [selection.of_leads]), *among]) or "true")
