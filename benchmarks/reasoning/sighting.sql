-- One to three leads of each organization, as intake understands them: core.sighting of a made-up market, the same every time.
with organization as (
    select
        number,
        format('{} {} {}', ['Otter', 'Teal', 'Wren', 'Nordic', 'Copper', 'Elm'][1 + chance(number) % 6],
            ['Works', 'Tools', 'Freight', 'Joinery', 'Systems', 'Foundry', 'Gears'][1 + chance(number, 'trade') % 7], number) as company,
        if(chance(number, 'site') % 100 < 95, format('firm{}.example', number), null) as domain,
        ['DE', 'AT', 'CH', 'NL', 'US', 'GB', 'FR', 'PL'][1 + chance(number, 'country') % 8] as country,
        ['Berlin', 'Graz', 'Basel', 'Breda', 'Akron', 'Leeds', 'Lyon', 'Lublin'][1 + chance(number, 'country') % 8] as city
    from range(getvariable('organizations')) as numbers (number)
),
lead as (
    select
        organization.*,
        lead.number as lead,
        organization.number * 4 + lead.number as row_number,
        case chance(organization.number, 'kind') % 300 when 0 then 'list_customers' when 1 then 'list_partners' else 'list_leads' end
            as list_id
    from organization
    join range(3) as lead (number) on lead.number <= chance(organization.number, 'leads') % 3
)
select
    format('row_{}_{}', list_id, row_number) as row_id,
    list_id,
    row_number,
    if(domain is null, format('person{}{}', row_number, chr(31)), 'email' || chr(31) || format('p{}@{}', row_number, domain)) as identity,
    format('lead_{:016x}', chance(row_number)) as lead_id,
    company,
    lower(company) as company_key,
    'https://www.' || domain as website,
    domain,
    format('p{}@', row_number) || domain as email,
    domain as email_domain,
    ['Ada', 'Ben', 'Chloé', 'Dov', 'Eva', 'Finn'][1 + chance(row_number, 'first') % 6] as first_name,
    'Mor' || row_number as last_name,
    null as person_linkedin,
    ['Head of Operations', 'CEO', 'Buyer', 'Engineer', 'VP Sales', 'Plant Manager', 'Clerk'][1 + chance(row_number, 'title') % 7] as job_title,
    if(chance(row_number, 'phone') % 2 = 0, format('+4930{:07}', row_number % 10000000), null) as phone,
    null as phone_extension,
    country,
    null as region,
    null as postcode,
    city,
    null as street,
    ['Manufacturing', 'Trade', 'Logistics', null][1 + chance(number, 'industry') % 4] as industry,
    null::bigint as employees_low,
    null::bigint as employees_high,
    null::double as revenue_low,
    null::double as revenue_high,
    null as revenue_currency,
    null::smallint as founded,
    null as linkedin,
    null as description,
    null as note,
    ['fair', 'ads', 'web', 'referral'][1 + chance(row_number, 'channel') % 4] as channel,
    null as campaign,
    date '2026-11-01' as noted_on,
    '{}' as extra
from lead
