-- The columns of what is to be published, as they were built.
--
-- grain: table_name, column_name
create table raw.built_column (
    table_name varchar not null,        -- Table.
    column_name varchar not null,       -- Column.
    type varchar not null               -- Its DuckDB type.
);
