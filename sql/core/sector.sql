-- The sectors of the North American Industry Classification System (NAICS 2022), at two digits.
--
-- grain: naics
select
    naics,                          -- First two digits of a code, or the range of them.
    title,                          -- What the sector is called.
    naics || ' ' || title as sector -- Both, as facts and rules say it.
from (values
    ('11', 'Agriculture, Forestry, Fishing'), ('21', 'Mining, Quarrying, Oil and Gas'), ('22', 'Utilities'), ('23', 'Construction'),
    ('31-33', 'Manufacturing'), ('42', 'Wholesale Trade'), ('44-45', 'Retail Trade'), ('48-49', 'Transportation and Warehousing'),
    ('51', 'Information'), ('52', 'Finance and Insurance'), ('53', 'Real Estate'),
    ('54', 'Professional, Scientific and Technical Services'), ('55', 'Management of Companies'),
    ('56', 'Administrative and Support Services'), ('61', 'Educational Services'), ('62', 'Health Care and Social Assistance'),
    ('71', 'Arts, Entertainment and Recreation'), ('72', 'Accommodation and Food Services'), ('81', 'Other Services'),
    ('92', 'Public Administration')
) as sectors (naics, title)
