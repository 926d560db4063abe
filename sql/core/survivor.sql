-- The organizations that are left once the web was read, one row per real one: with what the lists say of all that were joined.
--
-- grain: organization_id
-- expect: in_set(standing, prospect, customer, competitor, partner)
-- expect: between(leads, 1, 1000000000)
with one as (
    select
        coalesce(merger.into_organization_id, organization.organization_id) as survivor_id,
        merger.organization_id is null as is_survivor,
        organization.*
    from core.organization
    left join core.merger using (organization_id)
),
together as (
    select
        survivor_id as organization_id,
        sum(leads) as leads,
        bool_or(standing = 'customer') as is_customer,
        bool_or(standing = 'competitor') as is_competitor,
        bool_or(standing = 'partner') as is_partner,
        arg_max(listed_name, (is_survivor, leads, organization_id)) as listed_name,
        arg_max(country, (is_survivor, leads, organization_id)) as country,
        arg_max(city, (is_survivor, leads, organization_id)) as city,
        arg_max(listed_industry, (is_survivor, leads, organization_id)) as listed_industry,
        list_sort(list(domain) filter (where domain is not null)) as listed_domains,
        count(*) as organizations
    from one
    group by survivor_id
)
select
    together.organization_id,                       -- Organization that answers for all that are one with it.
    site.domain,                                    -- Registrable domain of its website, or what the lists give; null when that is another's.
    together.listed_name,                           -- Name as the lists have it.
    case
        when together.is_customer then 'customer'
        when together.is_competitor then 'competitor'
        when together.is_partner then 'partner'
        else 'prospect'
    end as standing,                                -- customer, competitor, partner or prospect; the first that holds for any.
    together.country,                               -- Country as the lists have it, ISO 3166-1 alpha-2.
    together.city,                                  -- City as the lists have it.
    together.listed_industry,                       -- Industry as the lists have it.
    cast(together.leads as bigint) as leads,        -- Leads that work for it.
    site.standing as website_standing,              -- How its website is known.
    together.listed_domains,                        -- Every domain the lists give.
    together.organizations                          -- Organizations of the lists that it is.
from together
join core.site using (organization_id)
