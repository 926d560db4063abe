-- Columns of what is published that the release before had not, or had otherwise; none where there is no release before that names its columns.
--
-- grain: table_name, column_name
-- expect: in_set(verdict, added, accepted, lost, retyped)
with changed as (
    select
        table_name,
        column_name,
        previous.type as before,
        built.type as after,
        accepted.because as accepted_because
    from raw.previous_column as previous
    full join raw.built_column as built using (table_name, column_name)
    left join raw.accepted on accepted.what = format('column {}.{}', table_name, column_name)
    where previous.type is distinct from built.type and exists (from raw.previous_column)
)
select
    table_name,             -- Table.
    column_name,            -- Column.
    before,                 -- Its DuckDB type in the release before; null when it is new.
    after,                  -- Its DuckDB type; null when it is gone.
    case
        when before is null then 'added'
        when accepted_because is not null then 'accepted'
        when after is null then 'lost'
        else 'retyped'
    end as verdict,         -- added, accepted, lost or retyped.
    accepted_because        -- Why it may, where settings.yaml says so.
from changed
