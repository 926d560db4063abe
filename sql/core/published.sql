-- Which property fills which column of mart.organization: the list by which cells are published and cited. Its industry, size and parent
-- are weighed in tables of their own (core.industry, core.size, core.parent).
--
-- grain: property
select
    property,       -- Property.
    column_name     -- Column of mart.organization.
from (values
    ('name', 'name'), ('website', 'website'), ('legal_name', 'legal_name'), ('description', 'description'),
    ('founded_year', 'founded_year'), ('revenue', 'revenue'), ('street', 'street'), ('city', 'city'), ('region', 'region'),
    ('postcode', 'postcode'), ('country', 'country'), ('phone', 'phone'), ('mailbox', 'mailbox'), ('linkedin', 'linkedin'),
    ('language', 'language'), ('openings', 'openings'), ('job_board', 'job_board'), ('mail_host', 'mail_host'),
    ('dmarc_policy', 'dmarc_policy'), ('lei', 'lei'), ('registration_number', 'registration_number'),
    ('register_status', 'register_status'),
    ('ticker', 'tickers'), ('languages', 'languages'), ('technology', 'technologies'), ('certification', 'certifications'),
    ('buying_route', 'buying_routes'), ('social_profile', 'social_profiles'), ('opening_department', 'opening_departments'),
    ('customer', 'customers'), ('partner', 'partners')
) as published (property, column_name)
