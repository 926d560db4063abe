-- Dated events that tell something: a fact whose value has one of the signal's words, whole and in any case, worth half after every half-life.
--
-- grain: organization_id, signal_id, fact_id
-- expect: between(strength, 0, 1)
select
    fact.organization_id,                                                                   -- Organization.
    signal.signal_id,                                                                       -- Signal.
    fact.fact_id,                                                                           -- Fact it was seen in.
    signal.means,                                                                           -- What it tells us.
    coalesce(fact.stated_on, cast(fact.observed_at as date)) as happened_on,                -- When it happened, else when it was seen.
    round(power(0.5, greatest(date_diff('day', coalesce(fact.stated_on, cast(fact.observed_at as date)), cast(run.as_of as date)), 0)
        / cast(signal.half_life_days as double)), 4) as strength,                           -- What it is worth today, 0 to 1.
    fact.value,                                                                             -- The event in its own words.
    fact.quote,                                                                             -- What stands in the page.
    fact.url                                                                                -- Where it stands.
from core.testimony as fact
join raw.icp_signal as signal on signal.property = fact.property
cross join raw.run
where exists (
    select 1
    from raw.icp_signal_word as word
    where word.signal_id = signal.signal_id
        and contains(
            regexp_replace(lower(' ' || fact.value || ' '), '[^\pL\pM\pN]+', ' ', 'g'),
            regexp_replace(lower(' ' || word.word || ' '), '[^\pL\pM\pN]+', ' ', 'g')
        )
)
