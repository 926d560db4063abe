-- Where the values of an organization came from: per page, which of its values stand there.
--
-- grain: organization_id
with page as (
    select
        organization_id,
        url,
        array_to_string(list_sort(list_distinct(list(replace("column", '_', ' ')))), ', ') as columns
    from mart.evidence
    semi join asked_organization using (organization_id)
    where "column" in (
        'name', 'industry', 'employees', 'phone', 'street', 'city', 'region', 'postcode', 'country', 'description', 'founded_year',
        'linkedin'
    )
    group by organization_id, url
)
select
    organization_id,                                                                -- Organization.
    array_to_string(list_sort(list(columns || ': ' || url)), ' · ') as sources      -- `value, value: URL`, one after another.
from page
group by organization_id
