-- Every row of every lead list, as it came; what nobody may keep of a person is withheld (…), of whoever had to leave nothing stays.
--
-- grain: row_id
-- expect: references(list_id, raw.lead_list.list_id)
create table raw.lead_row (
    row_id varchar not null,        -- Hash of list and row number.
    list_id varchar not null,       -- List it stands in.
    row_number bigint not null,     -- Position in the list, from 1, headings not counted.
    fields varchar not null         -- JSON object: heading to raw text, in the list's order.
);
