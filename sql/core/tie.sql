-- What each lead says of its company, as far as one row tells: the domain it stands under, or its company's name and place.
--
-- The website's domain decides, else the e-mail address's; a domain that many strangers share decides nothing, except for who goes by
-- it and for who has nothing else. Without a domain it is the name and the country; and the place too where one list gives the
-- name several places in that country, row by row and without a person: such a list tells companies apart, not offices.
--
-- grain: lead_id
-- expect: not_null(candidate_id, key_value)
-- expect: in_set(key, website, email domain, name and place, name)
with said as (
    select
        lead.*,
        coalesce(lead.country, '') as land,
        fold_place(lead.city) as place,
        lead.company_key is null or site.domain is null or goes_by(lead.company_key, lead.domain) as by_site,
        lead.company_key is null or mail.domain is null or goes_by(lead.company_key, lead.email_domain) as by_mail
    from core.lead
    left join core.shared_domain as site on site.domain = lead.domain
    left join core.shared_domain as mail on mail.domain = lead.email_domain
),
listed as (
    select list_id, company_key, coalesce(country, '') as land, count(distinct fold_place(city)) as places
    from core.sighting
    where company_key is not null and email is null and first_name is null and last_name is null
    group by list_id, company_key, land
),
several as (
    select company_key, land
    from (
        select company_key, land, places, sum(places) over (partition by list_id, company_key) as all_places
        from listed
    ) as counted
    group by company_key, land
    having bool_or(places > 1 or (land = '' and all_places > 1))
),
tied as (
    select
        said.*,
        several.company_key is not null as is_several,
        case when by_site then said.domain end as site,
        case when by_mail then said.email_domain end as mail
    from said
    left join several on several.company_key = said.company_key and several.land = said.land
),
keyed as (
    select
        *,
        coalesce(site, mail) as decisive,
        concat_ws(', ', nullif(land, ''), case when is_several then nullif(place, '') end) as spot
    from tied
)
select
    lead_id,                                            -- Lead.
    case
        when decisive is not null then make_id('org', 'domain', decisive)
        else make_id('org', 'name', company_key, spot)
    end as candidate_id,                                -- Hash of the domain, or of name and place: one candidate, many leads.
    decisive as domain,                                 -- Domain that decides; null when the name has to.
    case
        when site is not null then 'website'
        when mail is not null then 'email domain'
        when spot <> '' then 'name and place'
        else 'name'
    end as key,                                         -- What ties it: website, email domain, name and place, or name.
    coalesce(decisive, concat_ws(', ', company_key, nullif(spot, ''))) as key_value, -- The domain, or the name and place.
    company,                                            -- Company as written.
    company_key,                                        -- Company folded.
    country,                                            -- Country, ISO 3166-1 alpha-2.
    place,                                              -- City, folded; empty when none is given.
    fold_place(region) as region,                       -- Region, folded; empty when none is given.
    phone,                                              -- Phone.
    linkedin,                                           -- Organization's profile on LinkedIn.
    list_kind <> 'leads' as is_known,                   -- Whether it stands in a list of ours: customers, competitors, partners.
    is_several                                          -- Whether a list tells companies of that name and country apart.
from keyed
