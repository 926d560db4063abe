-- The organizations leads work for, one row each, with what the lists say of them.
--
-- What is listed is what most of its leads say, the earliest of them if equally many. Standing looks at every list that brought one of
-- its leads, duplicates included: a customer stays one when a leads list names it too.
--
-- grain: organization_id
-- expect: in_set(standing, prospect, customer, competitor, partner)
-- expect: between(leads, 1, 1000000000)
-- expect: matches(domain, ^[a-z0-9_.-]+\.[a-z0-9-]+$)
with brought as (
    select lead_id, list_id from core.lead
    union all
    select twin_lead_id, list_id from core.duplicate
),
known as (
    select
        membership.organization_id,
        any_value(candidate.domain) as domain,
        count(distinct membership.lead_id) as leads,
        bool_or(lead_list.kind = 'customers') as is_customer,
        bool_or(lead_list.kind = 'competitors') as is_competitor,
        bool_or(lead_list.kind = 'partners') as is_partner
    from core.membership
    join core.candidate on candidate.candidate_id = membership.organization_id
    join brought using (lead_id)
    join raw.lead_list using (list_id)
    group by membership.organization_id
),
listed as (
    select
        membership.organization_id,
        unnest(['company', 'country', 'city', 'industry']) as field,
        unnest([lead.company, lead.country, lead.city, lead.industry]) as value,
        row_number() over (order by lead_list.received_on, lead_list.name, lead.list_id, lead.row_number) as place
    from core.lead
    join core.membership using (lead_id)
    join raw.lead_list using (list_id)
),
counted as (
    select organization_id, field, value
    from listed
    where value is not null
    group by organization_id, field, value
    qualify row_number() over (partition by organization_id, field order by count(*) desc, min(place)) = 1
),
said as (
    select
        organization_id,
        max(value) filter (where field = 'company') as listed_name,
        max(value) filter (where field = 'country') as country,
        max(value) filter (where field = 'city') as city,
        max(value) filter (where field = 'industry') as industry
    from counted
    group by organization_id
)
select
    known.organization_id,                  -- Hash of the domain, or of name and country.
    known.domain,                           -- Registrable domain; null when only a name is known.
    said.listed_name,                       -- Name as the lists have it.
    case
        when known.is_customer then 'customer'
        when known.is_competitor or icp_competitor.domain is not null then 'competitor'
        when known.is_partner then 'partner'
        else 'prospect'
    end as standing,                        -- customer, competitor, partner or prospect; the first that holds.
    said.country,                           -- Country as the lists have it, ISO 3166-1 alpha-2.
    said.city,                              -- City as the lists have it.
    said.industry as listed_industry,       -- Industry as the lists have it.
    known.leads                             -- Leads that work for it.
from known
left join said using (organization_id)
left join raw.icp_competitor on icp_competitor.domain = known.domain
