-- What is known of each organization that can be compared, in one row: null where nothing is known in that respect.
--
-- grain: organization_id
select
    organization_id,                                                    -- Organization.
    max(value) filter (where part = 'industry') as industry,            -- Its surest industry.
    list_position(
        ['0', '1-9', '10-49', '50-249', '250-999', '1000-4999', '5000+'], max(value) filter (where part = 'size')
    ) as size,                                                          -- Its size band, counted from the smallest.
    max(value) filter (where part = 'country') as country,              -- Its country.
    sum(rarity) filter (where part = 'technology') as technology,       -- How much its technologies tell, together.
    sum(rarity) filter (where part = 'certification') as certification, -- How much its certifications tell.
    sum(rarity) filter (where part = 'term') as term                    -- How much the terms it mentions tell.
from core.likeness_feature
group by organization_id
