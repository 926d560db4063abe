-- Which property fills which column of mart.organization: the list by which cells are published and cited.
--
-- grain: property
select
    property,       -- Property.
    column_name     -- Column of mart.organization.
from (values
    ('name', 'name'), ('website', 'website'), ('legal_name', 'legal_name'), ('description', 'description'), ('industry', 'industry'),
    ('founded_year', 'founded_year'), ('employees', 'employees'), ('street', 'street'), ('city', 'city'), ('region', 'region'),
    ('postcode', 'postcode'), ('country', 'country'), ('phone', 'phone'), ('mailbox', 'mailbox'), ('linkedin', 'linkedin'),
    ('language', 'language'), ('openings', 'openings'), ('job_board', 'job_board'), ('languages', 'languages'),
    ('technology', 'technologies'), ('certification', 'certifications'), ('buying_route', 'buying_routes'),
    ('social_profile', 'social_profiles')
) as published (property, column_name)
