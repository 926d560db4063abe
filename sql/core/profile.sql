-- The golden record: the best claim per property, or all of them where an organization has several at once.
--
-- grain: organization_id, property, value
-- expect: not_null(fact_ids)
with typed as not materialized (
    select claim.*, property.type, property.many
    from core.claim
    join raw.property on property.name = claim.property
),
best as (
    select * from typed where many
    union all
    (
        select * from typed where not many
        qualify row_number() over (partition by organization_id, property order by support desc, observed_at desc, value) = 1
    )
)
select
    organization_id,                                                            -- Organization.
    property,                                                                   -- Property.
    value,                                                                      -- Its value.
    case when type = 'number' then try_cast(value as double) end as number,     -- The value as a number, where it is one.
    many,                                                                       -- Whether it may have several at once.
    support,                                                                    -- How far its facts support it, 0 to 1.
    happened_on,                                                                -- Latest date stated for it, else day it was seen.
    observed_at,                                                                -- When it was last seen, UTC.
    fact_ids,                                                                   -- Facts that say it, strongest first.
    best.best.source as source,                                                      -- Source of the strongest.
    best.best.url as url,                                                            -- Where it stands.
    best.best.locator as locator,                                                    -- Where in the page.
    best.best.quote as quote,                                                        -- What stands there.
    best.best.capture_id as capture_id                                               -- Capture it was read from.
from best
