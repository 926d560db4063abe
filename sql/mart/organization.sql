-- The organizations behind the leads: the golden record, one row each. Every cell is cited in mart.evidence.
--
-- grain: organization_id
-- expect: references(organization_id, core.survivor.organization_id)
-- warn: between(founded_year, 1500, 2100)
with best as (
    select
        organization_id,
        map_from_entries(list((property, value))) as one,
        max(number) filter (where property = 'founded_year') as founded_year,
        max(number) filter (where property = 'employees') as employees,
        max(number) filter (where property = 'openings') as openings
    from core.profile
    where not many
    group by organization_id
),
several as (
    select
        organization_id,
        list(value order by value) filter (where property = 'languages') as languages,
        list(value order by value) filter (where property = 'technology') as technologies,
        list(value order by value) filter (where property = 'certification') as certifications,
        list(value order by value) filter (where property = 'buying_route') as buying_routes,
        list(value order by value) filter (where property = 'social_profile') as social_profiles
    from core.profile
    group by organization_id
)
select
    organization.organization_id,                               -- Organization.
    organization.domain,                                        -- Registrable domain of its website, or the leads gave; null when that is another's.
    best.one['website'] as website,                             -- Domain of its website, where a page there says its name.
    organization.website_standing,                              -- confirmed, moved, guessed, listed, for_sale, somebody_elses, redirected_elsewhere or none.
    organization.listed_domains,                                -- Every domain the lists give.
    organization.listed_name,                                   -- Name the lead lists gave.
    organization.standing,                                      -- prospect, customer, competitor or partner.
    organization.leads,                                         -- Leads that work for it.
    best.one['name'] as name,                                   -- Name it goes by, from its own pages.
    best.one['legal_name'] as legal_name,                       -- Name it is registered under.
    best.one['description'] as description,                     -- What it says it does.
    best.one['industry'] as industry,                           -- Two-digit NAICS sector its words point to.
    cast(best.founded_year as integer) as founded_year,         -- Year it was founded.
    cast(best.employees as bigint) as employees,                -- People it says it employs.
    best.one['street'] as street,                               -- Street address.
    best.one['city'] as city,                                   -- City.
    best.one['region'] as region,                               -- State or region.
    best.one['postcode'] as postcode,                           -- Postal code.
    best.one['country'] as country,                             -- Country, ISO 3166-1 alpha-2.
    best.one['phone'] as phone,                                 -- Main phone, E.164.
    best.one['mailbox'] as mailbox,                             -- Role mailbox.
    best.one['linkedin'] as linkedin,                           -- LinkedIn company page.
    best.one['language'] as language,                           -- Main language of its website.
    cast(best.openings as integer) as openings,                 -- Open positions its careers page lists.
    best.one['job_board'] as job_board,                         -- Job board it posts on.
    several.languages,                                          -- Languages its website is offered in.
    several.technologies,                                       -- Technologies its pages use.
    several.certifications,                                     -- Certifications it names.
    several.buying_routes,                                      -- Ways to buy it offers.
    several.social_profiles,                                    -- Its profiles elsewhere.
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
