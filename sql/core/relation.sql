-- What an organization is to us besides a prospect, and who says so: the lists that name it, and the competitors of icp.yaml.
-- A row that an earlier one has made a duplicate counts too: a customer stays one when a leads list names it first.
--
-- grain: organization_id, relation
-- expect: in_set(relation, customer, competitor, partner)
-- expect: references(organization_id, core.survivor.organization_id)
with brought as (
    select lead_id, list_id from core.lead
    union all
    select twin_lead_id, list_id from core.duplicate
),
listed as (
    select
        works_for.organization_id,
        rtrim(lead_list.kind, 's') as relation,
        'the list ' || lead_list.name as said_by
    from brought
    join core.works_for using (lead_id)
    join raw.lead_list using (list_id)
    where lead_list.kind in ('customers', 'competitors', 'partners')
    union
    select survivor.organization_id, 'competitor', 'icp.yaml'
    from core.survivor
    join raw.icp_competitor
        on survivor.domain = icp_competitor.domain or list_contains(survivor.listed_domains, icp_competitor.domain)
)
select
    organization_id,                                                                    -- Organization.
    relation,                                                                           -- customer, competitor or partner.
    list_sort(list(said_by)) as said_by,                                                -- The lists that say so, and icp.yaml.
    'It is a ' || relation || ', by ' || array_to_string(list_sort(list(said_by)), ' and ')
        as because                                                                      -- The same as a sentence, without a full stop.
from listed
group by organization_id, relation
