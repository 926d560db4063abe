-- Rows that could not become leads, with the reason.
--
-- grain: row_id
-- expect: references(row_id, raw.lead_row.row_id)
create table raw.rejected_row (
    row_id varchar not null,        -- Row refused.
    list_id varchar not null,       -- List it stands in.
    row_number bigint not null,     -- Position in the list.
    reason varchar not null,        -- Code to group by.
    sentence varchar not null,      -- What was wrong and what to do.
    fields varchar not null         -- The row as it came, JSON.
);
