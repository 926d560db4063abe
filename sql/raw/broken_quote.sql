-- Facts whose quote is not in the capture they name. There must be none: a row here blocks the release.
--
-- grain: fact_id
-- expect: rows_between(0, 0)
create table raw.broken_quote (
    fact_id varchar not null,       -- Fact.
    capture_id varchar not null,    -- Capture that does not say so.
    quote varchar not null          -- What it is said to say.
);
