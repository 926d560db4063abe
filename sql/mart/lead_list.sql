-- What became of every row of every lead list: nothing is lost.
--
-- grain: list_id
-- expect: between(lost, 0, 0)
select
    conservation.list_id,       -- Lead list.
    conservation.name,          -- File name.
    lead_list.kind,             -- leads, customers, competitors or partners.
    conservation.rows_in,       -- Rows found.
    conservation.leads,         -- Rows that are leads.
    conservation.duplicates,    -- Rows that say the same as an earlier one.
    conservation.rejected,      -- Rows refused, with the reason.
    conservation.lost           -- Must be 0.
from core.conservation
join raw.lead_list using (list_id)
