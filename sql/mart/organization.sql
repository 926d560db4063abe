-- The organizations behind the leads: the golden record, one row each. Every cell is cited in mart.evidence.
--
-- grain: organization_id
-- expect: references(organization_id, core.survivor.organization_id)
-- warn: between(founded_year, 1500, 2100)
with best as (
    select organization_id, map_from_entries(list((property, value))) as one
    from core.profile
    where not many
    group by organization_id
),
listed as (
    select organization_id, property, list(value order by value) as "values"
    from core.profile
    where many and property in (select property from core.published)
    group by all
),
several as (
    select organization_id, map_from_entries(list((property, "values"))) as all_of
    from listed
    group by organization_id
)
select
    organization.organization_id,                               -- Organization.
    organization.domain,                                        -- Registrable domain of its website, or the leads gave; null when that is another's.
    best.one['website'] as website,                             -- Domain of its website, where a page there says its name.
    organization.website_standing,                              -- confirmed, moved, guessed, listed, for_sale, somebody_elses, redirected_elsewhere or none.
    organization.listed_domains,                                -- Every domain the lists give.
    organization.listed_name,                                   -- Name the lead lists gave.
    organization.listed_industry,                               -- Industry the lead lists gave; nothing is concluded from it.
    organization.standing,                                      -- prospect, customer, competitor or partner.
    organization.leads,                                         -- Leads that work for it.
    best.one['name'] as name,                                   -- Name it goes by, from its own pages.
    best.one['legal_name'] as legal_name,                       -- Name it is registered under.
    best.one['description'] as description,                     -- What it says it does.
    industry.sector as industry,                                -- Two-digit NAICS sector most speaks for; mart.industry has the next two.
    industry.confidence as industry_confidence,                 -- How sure that is, 0 to 1.
    cast(try_cast(best.one['founded_year'] as double) as integer) as founded_year, -- Year it was founded.
    size.employees,                                             -- People it employs, where a number is stated.
    size.employee_band,                                         -- 0, 1-9, 10-49, 50-249, 250-999, 1000-4999 or 5000+, where a number or a range is stated.
    cast(try_cast(best.one['revenue'] as double) as bigint) as revenue, -- Revenue of its last full year, in US dollars.
    best.one['lei'] as lei,                                     -- Legal entity identifier, ISO 17442.
    best.one['registration_number'] as registration_number,     -- Number it is registered under.
    best.one['register_status'] as register_status,             -- What its register says of it: active, inactive …
    several.all_of['ticker'] as tickers,                        -- Symbols its shares are traded under.
    best.one['street'] as street,                               -- Street address.
    best.one['city'] as city,                                   -- City.
    best.one['region'] as region,                               -- State or region.
    best.one['postcode'] as postcode,                           -- Postal code.
    best.one['country'] as country,                             -- Country, ISO 3166-1 alpha-2.
    best.one['phone'] as phone,                                 -- Main phone, E.164.
    best.one['mailbox'] as mailbox,                             -- Role mailbox.
    best.one['linkedin'] as linkedin,                           -- LinkedIn company page.
    best.one['language'] as language,                           -- Main language of its website.
    cast(try_cast(best.one['openings'] as double) as integer) as openings, -- Open positions it lists.
    best.one['job_board'] as job_board,                         -- Job board it posts on.
    several.all_of['opening_department'] as opening_departments,-- Departments with open positions.
    best.one['mail_host'] as mail_host,                         -- Who receives its mail.
    best.one['dmarc_policy'] as dmarc_policy,                   -- What it tells others to do with mail forged in its name: none, quarantine or reject.
    several.all_of['languages'] as languages,                   -- Languages its website is offered in.
    several.all_of['technology'] as technologies,               -- Technologies its pages use.
    several.all_of['certification'] as certifications,          -- Certifications it names.
    several.all_of['buying_route'] as buying_routes,            -- Ways to buy it offers.
    several.all_of['social_profile'] as social_profiles,        -- Its profiles elsewhere.
    several.all_of['customer'] as customers,                    -- Customers it names.
    several.all_of['partner'] as partners,                      -- Partners it names.
    parent.parent,                                              -- Organization it belongs to.
    parent.parent_organization_id,                              -- That organization, where it is one of ours.
    reading.website_state,                                      -- read, needs_browser … or why its home page was missed.
    reading.pages_read,                                         -- Pages read.
    reading.words_read,                                         -- Words read.
    reading.misses,                                             -- Requests without an answer; mart.miss has the reasons.
    reading.last_read_at                                        -- When its website was last seen, UTC.
from core.survivor as organization
join core.reading using (organization_id)
left join best using (organization_id)
left join several using (organization_id)
left join core.parent using (organization_id)
left join core.size using (organization_id)
left join core.industry on industry.organization_id = organization.organization_id and industry.rank = 1
