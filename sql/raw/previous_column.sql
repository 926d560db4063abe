-- The columns of the release before.
--
-- grain: table_name, column_name
create table raw.previous_column (
    table_name varchar not null,        -- Table.
    column_name varchar not null,       -- Column.
    type varchar not null               -- Its DuckDB type.
);
