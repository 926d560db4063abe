-- Rows understood: what each accepted row of a lead list says, raw text beside it in raw.lead_row.
--
-- grain: row_id
-- expect: references(row_id, raw.lead_row.row_id)
create table core.sighting (
    row_id varchar not null,     -- Row it was read from.
    list_id varchar not null,    -- List the row stands in.
    row_number bigint not null,  -- Position in the list.
    identity varchar not null,   -- Two rows of the same identity are one lead: e-mail, else person and company, else company.
    lead_id varchar not null,    -- Hash of the row's raw fields.
    company varchar,             -- Company as written.
    company_key varchar,         -- Company folded for comparison: case, accents, punctuation and legal form taken off.
    website varchar,             -- Website as written.
    domain varchar,              -- Registrable domain of the website.
    email varchar,               -- E-mail address, normalised.
    email_domain varchar,        -- Registrable domain of the e-mail address; null for free-mail providers.
    first_name varchar,          -- Given name.
    last_name varchar,           -- Family name.
    person_linkedin varchar,     -- Person's profile on LinkedIn, in one spelling.
    job_title varchar,           -- Job title as written.
    phone varchar,               -- Phone, E.164 where it could be understood, else as written.
    phone_extension varchar,     -- What to dial behind the number.
    country varchar,             -- Country, ISO 3166-1 alpha-2.
    region varchar,              -- State, province or region as written.
    postcode varchar,            -- Postal code.
    city varchar,                -- City as written.
    street varchar,              -- Street address as written.
    industry varchar,            -- Industry as written.
    employees_low bigint,        -- People it employs, at least, as the list has it.
    employees_high bigint,       -- People it employs, at most.
    revenue_low double,          -- Revenue, at least, in revenue_currency.
    revenue_high double,         -- Revenue, at most.
    revenue_currency varchar,    -- Currency of the revenue, ISO 4217; null when the list does not say.
    founded smallint,            -- Year it was founded.
    linkedin varchar,            -- Organization's profile on LinkedIn, in one spelling.
    description varchar,         -- What the organization does, as written.
    note varchar,                -- What somebody wrote down about the lead.
    channel varchar,             -- Channel the lead came by.
    campaign varchar,            -- Campaign it came from.
    noted_on date,               -- Day the lead was taken down.
    extra varchar not null       -- JSON object of the headings that mapped to nothing.
);
