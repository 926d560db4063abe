-- What CRMs call the industries we know: their lists are closed, so a sector none of their words fits stays empty there.
--
-- grain: sector
select
    sector,         -- First two digits of the NAICS sector.
    hubspot,        -- Value of HubSpot's list.
    salesforce      -- Value of Salesforce's standard list.
from (values
    ('11', 'FARMING', 'Agriculture'),
    ('21', 'MINING_METALS', null),
    ('22', 'UTILITIES', 'Utilities'),
    ('23', 'CONSTRUCTION', 'Construction'),
    ('31', null, 'Manufacturing'),
    ('42', 'WHOLESALE', null),
    ('44', 'RETAIL', 'Retail'),
    ('48', 'LOGISTICS_AND_SUPPLY_CHAIN', 'Transportation'),
    ('51', 'INFORMATION_SERVICES', 'Technology'),
    ('52', 'FINANCIAL_SERVICES', 'Finance'),
    ('53', 'REAL_ESTATE', null),
    ('54', null, 'Consulting'),
    ('61', 'EDUCATION_MANAGEMENT', 'Education'),
    ('62', 'HOSPITAL_HEALTH_CARE', 'Healthcare'),
    ('71', 'ENTERTAINMENT', 'Entertainment'),
    ('72', 'HOSPITALITY', 'Hospitality'),
    ('81', 'CONSUMER_SERVICES', null),
    ('92', 'GOVERNMENT_ADMINISTRATION', 'Government')
) as industries (sector, hubspot, salesforce)
