-- What each fact weighs as evidence, and for which claim, whatever its spelling.
-- A fact weighs as much as its source is trusted, times how sure it was read, times how fresh it is. It is as fresh as the date the
-- page gives for it, else as the day on which the page was last seen to say so.
--
-- Its evidence comes along, since most claims are one fact's.
--
-- Its voice is who was asked for the page it stands on: all that is read on one website is said by one.
--
-- grain: fact_id
-- expect: between(trust, 0, 1)
-- expect: between(freshness, 0, 1)
with fact as (
    select
        testimony.*, claim_key(testimony.property, property.type, value) as key, coalesce(capture.source, testimony.source) as voice, source.trust,
        power(0.5, greatest(date_diff('day', coalesce(stated_on, cast(capture.checked_at as date), cast(observed_at as date)), cast(run.as_of as date)), 0)
            / cast(coalesce(half_life.half_life_days, 365) as double)) as freshness
    from core.testimony
    join raw.source as source on source.name = testimony.source
    cross join raw.run
    left join raw.property as property on property.name = testimony.property
    left join core.half_life as half_life on half_life.property = testimony.property
    left join core.capture as capture on capture.capture_id = testimony.capture_id
)
select
    fact_id,                                            -- Fact.
    organization_id,                                    -- Organization it counts for.
    property,                                           -- What is claimed.
    value,                                              -- The claim as it is spelled there.
    key,                                                -- What all its spellings have in common.
    voice,                                              -- Source that was asked for the page.
    source || '/' || reader as reader,                  -- Who read it there.
    observed_at,                                        -- When the page said so, UTC.
    stated_on,                                          -- Date the page itself gives for it.
    trust,                                              -- How far its source is trusted, 0 to 1.
    confidence,                                         -- How sure the reading is, 0 to 1.
    freshness,                                          -- What age leaves of it, 0 to 1.
    trust * confidence * freshness as weight,           -- All three multiplied, 0 to 1.
    source,                                             -- Source that says it.
    url,                                                -- Where it stands on the web.
    locator,                                            -- Where it stands in the page.
    quote,                                              -- What stands there.
    capture_id                                          -- Capture it was read from.
from fact
