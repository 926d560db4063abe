-- Rows understood: what each accepted row of a lead list says, raw text beside it in raw.lead_row.
--
-- grain: row_id
-- expect: references(row_id, raw.lead_row.row_id)
create table core.sighting (
    row_id varchar not null,        -- Row it was read from.
    list_id varchar not null,       -- List the row stands in.
    row_number bigint not null,     -- Position in the list.
    identity varchar not null,      -- Two rows of the same identity are one lead: e-mail, else person and company, else company.
    lead_id varchar not null,       -- Hash of the row's raw fields.
    company varchar,                -- Company as written.
    company_key varchar,            -- Company folded for comparison: case, accents, punctuation and legal form taken off.
    website varchar,                -- Website as written.
    domain varchar,                 -- Registrable domain of the website.
    email varchar,                  -- E-mail address, normalised.
    email_domain varchar,           -- Registrable domain of the e-mail address; null for free-mail providers.
    first_name varchar,             -- Given name.
    last_name varchar,              -- Family name.
    job_title varchar,              -- Job title as written.
    phone varchar,                  -- Phone, E.164 where it could be understood, else as written.
    country varchar,                -- Country, ISO 3166-1 alpha-2.
    city varchar,                   -- City as written.
    channel varchar,                -- Channel the lead came by.
    campaign varchar,               -- Campaign it came from.
    noted_on date,                  -- Day the lead was taken down.
    extra varchar not null          -- JSON object of the headings that mapped to nothing.
);
