-- Published cells without a citation. There must be none: a row here blocks the release.
--
-- grain: organization_id, column_name
-- expect: rows_between(0, 0)
with cell as (
    select
        organization_id,
        unnest(map_entries(map {
            'name': name, 'legal_name': legal_name, 'description': description, 'industry': industry,
            'founded_year': cast(founded_year as varchar), 'employees': cast(employees as varchar), 'street': street,
            'city': city, 'region': region, 'postcode': postcode, 'country': country, 'phone': phone, 'mailbox': mailbox,
            'linkedin': linkedin, 'language': language, 'openings': cast(openings as varchar), 'job_board': job_board,
            'languages': array_to_string(languages, ','), 'technologies': array_to_string(technologies, ','),
            'certifications': array_to_string(certifications, ','), 'buying_routes': array_to_string(buying_routes, ','),
            'social_profiles': array_to_string(social_profiles, ',')
        })) as entry
    from mart.organization
)
select
    cell.organization_id,               -- Organization.
    cell.entry.key as column_name,      -- Column of mart.organization.
    cell.entry.value as value           -- What it says without saying why.
from cell
where cell.entry.value is not null
    and cell.entry.value <> ''
    and not exists (
        select 1
        from mart.evidence
        where evidence.organization_id = cell.organization_id and evidence."column" = cell.entry.key
    )
