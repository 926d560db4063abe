-- What the lead lists themselves say of each lead, as it was understood; nothing of it is taken for true, and answers no rule.
--
-- grain: lead_id
-- expect: references(lead_id, mart.lead.lead_id)
select
    lead_id,            -- Lead.
    list_name as list,  -- Lead list it came in.
    row_number,         -- Row of that list.
    company,            -- Company as written.
    website,            -- Website as written.
    industry,           -- Industry as written.
    employees_low,      -- People it employs, at least.
    employees_high,     -- People it employs, at most.
    revenue_low,        -- Revenue, at least, in revenue_currency.
    revenue_high,       -- Revenue, at most.
    revenue_currency,   -- Currency of the revenue, ISO 4217; null when the list does not say.
    founded,            -- Year it was founded.
    street,             -- Street address as written.
    postcode,           -- Postal code.
    city,               -- City as written.
    region,             -- State, province or region as written.
    country,            -- Country, ISO 3166-1 alpha-2.
    linkedin,           -- Organization's profile on LinkedIn.
    description,        -- What the organization does, as written.
    person_linkedin,    -- Person's profile on LinkedIn.
    phone_extension,    -- What to dial behind the phone number.
    note,               -- What somebody wrote down about the lead.
    extra               -- JSON object of the headings that mapped to nothing, and of cells that could not be understood.
from core.lead
