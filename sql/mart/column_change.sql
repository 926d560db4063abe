-- Columns that the release before had not, or had otherwise: whoever reads releases by programs has to know.
--
-- grain: table_name, column_name
-- expect: in_set(verdict, added, accepted)
-- warn: rows_between(0, 0)
select
    table_name,         -- Table.
    column_name,        -- Column.
    before,             -- Its DuckDB type in the release before; null when it is new.
    after,              -- Its DuckDB type; null when it is gone.
    verdict,            -- added, accepted, or lost or retyped, which stops the release.
    accepted_because    -- Why it may be lost or of another type, where settings.yaml says so.
from core.column_change
