-- What became of every row of every lead list: nothing is lost.
--
-- grain: list_id
-- expect: between(lost, 0, 0)
select
    list_id,        -- Lead list.
    name,           -- File name.
    kind,           -- leads, customers, competitors, partners or suppressed.
    rows_in,        -- Rows found.
    leads,          -- Rows that are leads.
    duplicates,     -- Rows that say the same as an earlier one.
    rejected,       -- Rows refused, with the reason.
    suppressed,     -- Rows of a list of whom to leave out, of which only keyed hashes are kept.
    lost            -- Must be 0.
from core.conservation
