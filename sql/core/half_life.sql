-- After how many days what was said of a property is worth half as evidence: an opening is old in a month, a founding year never.
-- A property that is not named here halves in a year.
--
-- grain: property
-- expect: between(half_life_days, 1, 100000)
select
    property.name as property,                                  -- Property.
    coalesce(known.half_life_days, 365) as half_life_days       -- Days until it is worth half; 100000 where age says nothing.
from raw.property as property
left join (values
    ('founded_year', 100000), ('lei', 100000), ('registration_number', 100000), ('domain_registered', 100000),
    ('name', 1095), ('legal_name', 1825), ('parent', 730), ('country', 1825), ('website', 730), ('linkedin', 1095),
    ('sic', 1825), ('nace', 1825), ('sic_uk', 1825), ('industry', 730), ('ticker', 730),
    ('street', 730), ('city', 730), ('region', 730), ('postcode', 730), ('phone', 730), ('mailbox', 730), ('certification', 730),
    ('openings', 30), ('opening', 45), ('opening_department', 45), ('opening_place', 45)
) as known (property, half_life_days) on known.property = property.name
