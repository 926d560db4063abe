-- The technologies each organization uses, with what kind of product each is.
--
-- grain: organization_id, technology
select
    profile.organization_id,                                -- Organization.
    coalesce(known.name, profile.value) as technology,      -- Technology.
    known.category,                                         -- Kind of product it is; null where the catalogue does not have it.
    round(profile.support, 2) as support,                   -- How far its facts support it, 0 to 1.
    profile.observed_at,                                    -- When a trace of it was last seen, UTC.
    profile.fact_ids,                                       -- Facts that say so, strongest first.
    profile.source,                                         -- Source of the strongest.
    profile.url,                                            -- Where that trace is.
    profile.quote                                           -- What stands there.
from core.profile
left join raw.technology as known on lower(known.name) = lower(profile.value)
where profile.property = 'technology'
