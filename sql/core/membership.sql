-- Which organization each lead works for, by which key, and how sure that is.
--
-- The website's domain decides, else the e-mail address's. A lead with neither joins the one organization that has a domain and goes
-- by its name, unless both name a country and they differ; else the organization is its name and country, or, when it names
-- no country, the one of that name in the only country any other lead gives. The probabilities are set, not measured.
--
-- grain: lead_id
-- expect: not_null(organization_id, key_value)
-- expect: in_set(key, website, email domain, name and country, name)
-- expect: between(probability, 0, 1)
-- expect: references(lead_id, core.lead.lead_id)
with keyed as (
    select lead_id, company_key, country, coalesce(domain, email_domain) as domain, domain is not null as by_website
    from core.lead
),
by_domain as (
    select company_key, min(domain) as domain, list_distinct(list(country)) as countries
    from keyed
    where domain is not null and company_key is not null
    group by company_key
    having count(distinct domain) = 1
),
named as (
    select
        keyed.*,
        case
            when by_domain.domain is null or keyed.domain is not null then null
            when keyed.country is null or len(by_domain.countries) = 0 then by_domain.domain
            when list_contains(by_domain.countries, keyed.country) then by_domain.domain
        end as namesake
    from keyed
    left join by_domain using (company_key)
),
by_country as (
    select company_key, min(country) as country
    from named
    where domain is null and namesake is null
    group by company_key
    having count(distinct country) = 1
),
placed as (
    select
        named.lead_id,
        named.company_key,
        coalesce(named.domain, named.namesake) as domain,
        coalesce(named.country, by_country.country, '') as country,
        case
            when named.by_website then 'website'
            when named.domain is not null then 'email domain'
            when named.namesake is not null or named.country is null then 'name'
            else 'name and country'
        end as key
    from named
    left join by_country using (company_key)
)
select
    lead_id,                                -- Lead.
    case
        when domain is not null then make_id('org', 'domain', domain)
        else make_id('org', 'name', company_key, country)
    end as organization_id,                 -- Organization it works for.
    key,                                    -- What joined them: website, email domain, name and country, or name.
    case
        when key in ('website', 'email domain') then domain
        else concat_ws(', ', company_key, nullif(country, ''))
    end as key_value,                       -- The domain or name they have in common.
    cast(case key
        when 'website' then 1.0
        when 'email domain' then 0.95
        when 'name and country' then 0.9
        else 0.8
    end as double) as probability           -- How sure the membership is, 0 to 1.
from placed
