"""All a release says of one organization, for its page.

Here: what is asked beyond what the command line asks (`questions`), and in which order it is told. Elsewhere: how it looks
(`templates/organization.html`).
"""

from itertools import groupby
from operator import itemgetter
from typing import Any

from pipelines.questions import all_of
from pipelines.reader import Reader

Row = dict[str, Any]
MOST_LEADS, MOST_QUOTES = 200, 3
FIGURES = {"fit": "who they are", "readiness": "problem and commitment", "reach": "can we contact the right role"}
_IS_THERE = "select organization_id from mart.organization where organization_id = $1"
_MORE = {
    "industries": "select * from mart.industry where organization_id = $1 order by rank",
    "technologies": "select * from mart.technology where organization_id = $1 order by category nulls last, technology",
    "changes": "select * from mart.change where organization_id = $1 order by changed_on desc, change_id",
    "earlier": "select * from mart.earlier_fact where organization_id = $1 order by observed_at desc, property, fact_id",
    "identity": "select * from mart.identity where organization_id = $1 order by seen_on desc, finding, other",
}
_LEADS = """
    select lead.*, contact.because as role_because
    from mart.lead as lead
    left join mart.contact as contact using (lead_id)
    where lead.organization_id = $1
    order by lead.lead_id
    limit $2
"""


def everything(reader: Reader, key: str) -> Row | None:
    """Return what the page of an organization tells, by the id it has; None when there is none of that id."""
    if not reader.rows(_IS_THERE, [key]):
        return None
    about = all_of(reader, key)
    more = {name: reader.rows(query, [key]) for name, query in _MORE.items()}
    leads = reader.rows(_LEADS, [key, MOST_LEADS])
    figures = [_figure(about, name) for name in FIGURES]
    values = _values(about["organization"], about["evidence"])
    return {**about, **more, "leads": leads, "figures": figures, "values": values, "said": _said(about["message"])}


def _figure(about: Row, name: str) -> Row:
    """Return a figure with all its reasons, heaviest first as they come."""
    reasons = [row for row in about["reasons"] if row["figure"] == name]
    return {"name": name, "about": FIGURES[name], "value": about["fit"][name], "reasons": reasons}


def _said(message: Row) -> list[Row]:
    """Return the promises an organization would recognise, each in its own words and with where they stand."""
    told = zip(message["promises"], message["quotes"], message["urls"], strict=True)
    return [{"promise": promise, "quote": quote, "url": url} for promise, quote, url in told]


def _values(organization: Row, evidence: list[Row]) -> list[Row]:
    """Return the organization's values in the order of its columns, each with the surest quotes for it."""
    cited = sorted((row for row in evidence if row["column"] in organization), key=itemgetter("column"))
    rows = {column: list(each) for column, each in groupby(cited, key=itemgetter("column"))}
    return [{"column": column, "cited": _cited(rows[column])} for column in organization if column in rows]


def _cited(rows: list[Row]) -> list[Row]:
    """Return each value of a column once, the best supported first, with its quotes."""
    by_value: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (-(row["support"] or 0), row["value"] or "", row["fact_id"])):
        by_value.setdefault(row["value"], []).append(row)
    return [{"value": value, "evidence": each[:MOST_QUOTES], "facts": each[0]["facts"]} for value, each in by_value.items()]
