-- HubSpot companies, one row an organization. HubSpot tells companies apart by their domain: rows without one are always created anew.
--
-- grain: organization_id
select
    organization.name as "Company name",                            -- Its own name, else the lead list's, else its domain.
    organization.domain as "Company domain name",                   -- Registrable domain.
    organization.additional_domains as "hs_additional_domains",     -- Other domains the lists give it, joined by "; ".
    organization.website as "Website URL",                          -- Its website.
    industry.hubspot as "Industry",                                 -- Value of HubSpot's list nearest to its NAICS sector.
    organization.employees as "Number of employees",                -- A number.
    organization.revenue as "Annual revenue",                       -- A number, in US dollars.
    organization.phone as "Phone number",                           -- Main phone.
    organization.street as "Street address",                        -- Street address.
    organization.city as "City",                                    -- City.
    organization.region as "State/Region",                          -- State or region.
    organization.postcode as "Postal code",                         -- Postal code.
    organization.country as "Country/Region",                       -- ISO 3166-1 alpha-2.
    organization.description as "Description",                      -- What it says it does.
    organization.founded_year as "Year founded",                    -- Year it was founded.
    organization.linkedin as "LinkedIn company page",               -- LinkedIn company page.
    standing.lifecycle_stage as "Lifecycle stage",                  -- customer; other for competitors and partners; else by ring: salesqualifiedlead, marketingqualifiedlead, lead.
    standing.lead_status as "Lead status",                          -- UNQUALIFIED for who is outside; else empty, which leaves what sales put there.
    if(contains(organization.first_lead.route_owner, '@'), organization.first_lead.route_owner, null)
        as "Company owner",                                         -- Route owner, where it is the e-mail address of a user.
    organization.segment,                                           -- Ring it is in.
    organization.score,                                             -- Fit, 0 to 100, whole; empty when unknown.
    reasons.signals,                                                -- All reasons, heaviest first, at most 1,024 characters.
    organization.readiness,                                         -- Readiness, 0 to 100.
    organization.reach,                                             -- Reach, 0 to 100.
    organization.coverage,                                          -- Share of rule weight answered, 0 to 1.
    reasons.why,                                                    -- The three heaviest reasons.
    organization.promise,                                           -- Promise it would recognise.
    organization.message,                                           -- What to say.
    organization.first_lead.next_question as next_question,         -- What to ask to move it one ring in.
    organization.first_lead.route as route,                         -- sell, nurture, research, repeat_sale or leave_alone.
    organization.first_lead.route_channel as route_channel,         -- Sales channel.
    organization.first_lead.route_owner as route_owner,             -- Who gets it.
    organization.first_lead.due_on as route_due_on,                 -- Until when.
    organization.first_lead.play as route_play,                     -- What they do with it.
    organization.first_lead.route_because as route_because,         -- Why this route.
    organization.differs_from_lead_list,                            -- Our values that differ from the lead lists'; look here before an import overwrites.
    origin.sources,                                                 -- Pages the values came from.
    organization.organization_id                                    -- Its id in every table of the release.
from organization
join standing using (organization_id)
join reasons using (organization_id)
left join origin using (organization_id)
left join industry using (sector)
