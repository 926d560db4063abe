-- The books of every list: each row is a lead, rejected or a duplicate, and none is lost. Of a list of whom to leave out nothing is
-- kept but keyed hashes, in no table.
--
-- grain: list_id
-- expect: between(lost, 0, 0)
-- expect: references(list_id, raw.lead_list.list_id)
with leads as (
    select list_id, count(*) as rows from core.lead group by list_id
),
rejected as (
    select list_id, count(*) as rows from raw.rejected_row group by list_id
),
duplicates as (
    select list_id, count(*) as rows from core.duplicate group by list_id
)
select
    lead_list.list_id,                                                              -- Lead list.
    lead_list.name,                                                                 -- File name it was brought under.
    lead_list.kind,                                                                 -- leads, customers, competitors, partners or suppressed.
    lead_list.rows_in,                                                              -- Rows found in it.
    coalesce(leads.rows, 0) as leads,                                               -- Rows that are leads.
    coalesce(rejected.rows, 0) as rejected,                                         -- Rows refused, with the reason.
    coalesce(duplicates.rows, 0) as duplicates,                                     -- Rows that say the same as an earlier one.
    if(lead_list.kind = 'suppressed', lead_list.rows_in, 0) as suppressed,          -- Rows that say whom to leave out.
    lead_list.rows_in - suppressed - coalesce(leads.rows, 0) - coalesce(rejected.rows, 0)
        - coalesce(duplicates.rows, 0) as lost                                      -- Rows nobody can account for; must be 0.
from raw.lead_list
left join leads using (list_id)
left join rejected using (list_id)
left join duplicates using (list_id)
