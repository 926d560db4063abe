-- The leads: the first sighting of each person, or of each company without one. The others are in core.duplicate.
--
-- grain: lead_id
-- expect: not_null(row_id, list_id, list_name)
-- expect: in_set(list_kind, leads, customers, competitors, partners)
-- expect: references(row_id, raw.lead_row.row_id)
-- materialized: view
select
    sighting.lead_id,                       -- Hash of the row's raw fields.
    sighting.row_id,                        -- Row it was read from.
    sighting.list_id,                       -- List it came in first.
    lead_list.name as list_name,            -- That list's file name.
    lead_list.kind as list_kind,            -- What the list holds: leads, customers, competitors or partners.
    sighting.row_number,                    -- Position in the list.
    sighting.company,                       -- Company as written.
    sighting.company_key,                   -- Company folded for comparison.
    sighting.website,                       -- Website as written.
    sighting.domain,                        -- Registrable domain of the website.
    sighting.email,                         -- E-mail address, normalised.
    sighting.email_domain,                  -- Registrable domain of the e-mail address; null for free-mail providers.
    sighting.first_name,                    -- Given name.
    sighting.last_name,                     -- Family name.
    sighting.person_linkedin,               -- Person's profile on LinkedIn, in one spelling.
    sighting.job_title,                     -- Job title as written.
    sighting.phone,                         -- Phone, E.164 where it could be understood, else as written.
    sighting.phone_extension,               -- What to dial behind the number.
    sighting.country,                       -- Country, ISO 3166-1 alpha-2.
    sighting.region,                        -- State, province or region as written.
    sighting.postcode,                      -- Postal code.
    sighting.city,                          -- City as written.
    sighting.street,                        -- Street address as written.
    sighting.industry,                      -- Industry as written.
    sighting.employees_low,                 -- People it employs, at least, as the list has it.
    sighting.employees_high,                -- People it employs, at most.
    sighting.revenue_low,                   -- Revenue, at least, in revenue_currency.
    sighting.revenue_high,                  -- Revenue, at most.
    sighting.revenue_currency,              -- Currency of the revenue, ISO 4217; null when the list does not say.
    sighting.founded,                       -- Year it was founded.
    sighting.linkedin,                      -- Organization's profile on LinkedIn, in one spelling.
    sighting.description,                   -- What the organization does, as written.
    sighting.note,                          -- What somebody wrote down about the lead.
    sighting.channel,                       -- Channel it came by.
    sighting.campaign,                      -- Campaign it came from.
    sighting.noted_on,                      -- Day it was taken down.
    sighting.extra                          -- JSON object of the headings that mapped to nothing.
from core.sighting
join raw.lead_list using (list_id)
anti join core.duplicate using (row_id)
