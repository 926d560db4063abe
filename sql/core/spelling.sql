-- Of claims that are spelled in several ways, the spellings in order: one without a legal form (of a name) comes first, then one not in
-- capitals only, of the weightiest fact, the most frequent, the longest, the first in the alphabet.
--
-- grain: organization_id, property, key, value
with spelled as (
    select organization_id, property, key
    from core.weight
    group by organization_id, property, key
    having min(value) <> max(value)
)
select
    organization_id,        -- Organization.
    property,               -- What is claimed.
    key,                    -- What all its spellings have in common.
    value,                  -- One of them.
    row_number() over (
        partition by organization_id, property, key
        order by
            if(property = 'name', length(registered_key(value)) > length(key), false),
            length(value) > 4 and value = upper(value) and value <> lower(value),
            max(weight) desc, count(*) desc, length(value) desc, value
    ) as place              -- 1 for the best.
from core.weight
semi join spelled using (organization_id, property, key)
group by organization_id, property, key, value
