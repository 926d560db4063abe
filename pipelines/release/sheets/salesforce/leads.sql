-- Salesforce leads, one row a lead. The import wizard does not look for duplicates by itself: match on Email or lead_id first.
-- A lead without a family name is brought as `[not provided]`, since Salesforce takes none without. Values are cut at Salesforce's
-- lengths; an address or a number that is too long is left out, since a cut one is another's. What no list and no page says is no
-- column here: an empty DoNotCall or HasOptedOutOfEmail would undo what somebody ticked.
--
-- grain: lead_id
select
    left(coalesce(person.last_name, '[not provided]'), 80) as "LastName",   -- Family name, else `[not provided]`.
    left(person.first_name, 40) as "FirstName",                     -- Given name.
    left(coalesce(organization.name, '[not provided]'), 255) as "Company",  -- Organization's name, else the lead list's, else its domain.
    left(person.job_title, 128) as "Title",                         -- Job title.
    if(length(person.email) <= 80, person.email, null) as "Email",  -- E-mail address.
    if(length(person.phone) <= 40, person.phone, null) as "Phone",  -- Phone of the lead list, else the organization's.
    if(length(organization.website) <= 255, organization.website, null) as "Website",  -- Organization's website.
    left(person.street, 255) as "Street",                           -- Street address of the lead list, else the organization's where the place is the same.
    left(person.city, 40) as "City",                                -- City of the lead list, else the organization's.
    left(person.region, 80) as "State",                             -- State or region of the lead list, else the organization's where the place is the same.
    left(person.postcode, 20) as "PostalCode",                      -- Postal code of the lead list, else the organization's where the place is the same.
    person.country as "Country",                                    -- Country of the lead list, else the organization's.
    industry.salesforce as "Industry",                              -- Value of Salesforce's standard list nearest to its NAICS sector.
    organization.revenue as "AnnualRevenue",                        -- A number, in US dollars.
    organization.employees as "NumberOfEmployees",                  -- A number.
    left(person.channel, 40) as "LeadSource",                       -- Channel it came by.
    if(organization.first_lead.route = 'leave_alone', 'Closed - Not Converted', 'Open - Not Contacted')
        as "Status",                                                -- Closed when the route is to leave it alone.
    standing.rating as "Rating",                                    -- Hot: problem, bullseye. Warm: profile, persona. Cold: market, outside. Else empty.
    left(organization.description, 32000) as "Description",         -- What the organization says it does.
    nullif(regexp_extract(organization.first_lead.route_owner, '^00[5G][A-Za-z0-9]{12}([A-Za-z0-9]{3})?$'), '')
        as "OwnerId",                                               -- Route owner, where it is the id of a user or a queue.
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
left join industry using (sector)
