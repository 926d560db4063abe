-- Published values without a citation. There must be none: a row here blocks the release.
--
-- grain: organization_id, column_name, value
-- expect: rows_between(0, 0)
with cell as (
    select
        organization_id,
        unnest(map_entries(map {
            'name': [name], 'website': [website], 'parent': [parent], 'legal_name': [legal_name], 'description': [description], 'industry': [industry],
            'industry_confidence': [cast(industry_confidence as varchar)], 'founded_year': [cast(founded_year as varchar)],
            'employees': [cast(employees as varchar)], 'employee_band': [employee_band], 'revenue': [cast(revenue as varchar)], 'lei': [lei],
            'registration_number': [registration_number], 'register_status': [register_status],
            'street': [street], 'city': [city], 'region': [region], 'postcode': [postcode], 'country': [country], 'phone': [phone],
            'mailbox': [mailbox], 'linkedin': [linkedin], 'language': [language], 'openings': [cast(openings as varchar)],
            'job_board': [job_board], 'mail_host': [mail_host], 'dmarc_policy': [dmarc_policy], 'tickers': tickers, 'languages': languages,
            'technologies': technologies, 'certifications': certifications, 'buying_routes': buying_routes,
            'social_profiles': social_profiles, 'opening_departments': opening_departments, 'customers': customers, 'partners': partners
        })) as entry
    from mart.organization
),
published as (
    select organization_id, entry.key as column_name, unnest(entry.value) as value
    from cell
)
select
    organization_id,    -- Organization.
    column_name,        -- Column of mart.organization.
    value               -- What it says without saying why.
from published
where value <> ''
    and not exists (
        select 1
        from mart.evidence
        where evidence.organization_id = published.organization_id
            and evidence."column" = published.column_name
            and (
                evidence.value = published.value
                or abs(try_cast(evidence.value as double) - try_cast(published.value as double)) < 1
            )
    )
