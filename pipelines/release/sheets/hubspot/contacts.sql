-- HubSpot contacts, one row a lead with a name or an e-mail address; a lead that is only a company is in the companies' file.
--
-- grain: lead_id
select
    person.first_name as "First name",                              -- Given name.
    person.last_name as "Last name",                                -- Family name.
    person.email as "Email",                                        -- E-mail address; HubSpot tells contacts apart by it.
    person.phone as "Phone number",                                 -- Phone of the lead list, else the organization's.
    person.job_title as "Job title",                                -- Job title.
    organization.name as "Company name",                            -- Organization's name, as in the companies' file.
    organization.domain as "Company domain name",                   -- Organization's domain: associates the contact with its company.
    organization.website as "Website URL",                          -- Organization's website.
    person.city as "City",                                          -- City of the lead list, else the organization's.
    person.region as "State/Region",                                -- State or region of the lead list, else the organization's where the place is the same.
    person.country as "Country/Region",                             -- Country of the lead list, else the organization's.
    standing.lifecycle_stage as "Lifecycle stage",                  -- As its company.
    standing.lead_status as "Lead status",                          -- As its company.
    organization.segment,                                           -- Ring its organization is in.
    organization.score,                                             -- Fit, 0 to 100, whole; empty when unknown.
    reasons.signals,                                                -- All reasons, heaviest first, at most 1,024 characters.
    organization.readiness,                                         -- Readiness, 0 to 100.
    organization.reach,                                             -- Reach, 0 to 100.
    organization.coverage,                                          -- Share of rule weight answered, 0 to 1.
    reasons.why,                                                    -- The three heaviest reasons.
    organization.promise,                                           -- Promise its organization would recognise.
    organization.message,                                           -- What to say.
    organization.first_lead.next_question as next_question,         -- What to ask to move it one ring in.
    organization.first_lead.route as route,                         -- sell, nurture, research, repeat_sale or leave_alone.
    organization.first_lead.route_channel as route_channel,         -- Sales channel.
    organization.first_lead.route_owner as route_owner,             -- Who gets it.
    organization.first_lead.due_on as route_due_on,                 -- Until when.
    organization.first_lead.play as route_play,                     -- What they do with it.
    organization.first_lead.route_because as route_because,         -- Why this route.
    person.list as lead_list,                                       -- Lead list it came in.
    person.channel as lead_channel,                                 -- Channel it came by.
    person.campaign as lead_campaign,                               -- Campaign it came from.
    person.differs_from_lead_list,                                  -- Our values that differ from the lead list's.
    origin.sources,                                                 -- Pages the organization's values came from.
    person.organization_id,                                         -- Organization's id in every table of the release.
    person.lead_id                                                  -- Its id in every table of the release.
from person
join organization using (organization_id)
join standing using (organization_id)
join reasons using (organization_id)
left join origin using (organization_id)
where coalesce(person.first_name, person.last_name, person.email) is not null
