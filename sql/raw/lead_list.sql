-- Every lead list ever brought, one row per file content.
--
-- grain: list_id
create table raw.lead_list (
    list_id varchar not null,       -- Hash of the file's bytes.
    name varchar not null,          -- File name it was brought under.
    kind varchar not null,          -- What the list holds: leads, customers, competitors, partners or suppressed.
    format varchar not null,        -- How it was read: csv, json, jsonl …
    rows_in bigint not null,        -- Rows found in it.
    received_on date not null       -- Day it was first brought.
);
