-- The release that this run's is compared with: one row, or none for the first.
--
-- grain: version
-- expect: rows_between(0, 1)
create table raw.previous_release (
    version varchar not null,   -- Release.
    as_of timestamp not null    -- What it took for now, UTC.
);
