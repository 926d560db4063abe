-- What each fact weighs as evidence, and for which claim, whatever its spelling.
-- A fact weighs as much as its source is trusted, times how sure it was read, times how fresh it is. It is as fresh as the date the
-- page gives for it, else as the day on which the page was last seen to say so.
--
-- Its voice is who was asked for the page it stands on: all that is read on one website is said by one.
--
-- grain: fact_id
-- expect: between(trust, 0, 1)
-- expect: between(freshness, 0, 1)
select
    fact.fact_id,                                                                   -- Fact.
    fact.organization_id,                                                           -- Organization it counts for.
    fact.property,                                                                  -- What is claimed.
    fact.value,                                                                     -- The claim as it is spelled there.
    claim_key(fact.property, property.type, fact.value) as key,                     -- What all its spellings have in common.
    coalesce(capture.source, fact.source) as voice,                                 -- Source that was asked for the page.
    fact.source || '/' || fact.reader as reader,                                    -- Who read it there.
    fact.observed_at,                                                               -- When the page said so, UTC.
    fact.stated_on,                                                                 -- Date the page itself gives for it.
    source.trust,                                                                   -- How far its source is trusted, 0 to 1.
    fact.confidence,                                                                -- How sure the reading is, 0 to 1.
    power(0.5, greatest(date_diff('day', coalesce(fact.stated_on, cast(capture.checked_at as date), cast(fact.observed_at as date)),
        cast(run.as_of as date)), 0) / cast(coalesce(half_life.half_life_days, 365) as double)) as freshness,   -- What age leaves of it, 0 to 1.
    source.trust * fact.confidence * freshness as weight                            -- All three multiplied, 0 to 1.
from core.testimony as fact
join raw.source on source.name = fact.source
cross join raw.run
left join raw.property as property on property.name = fact.property
left join core.half_life on half_life.property = fact.property
left join core.capture on capture.capture_id = fact.capture_id
