-- Dated events that tell something: a fact whose value has one of the signal's words, whole and in any case, worth half after every
-- half-life. A signal on the property `change` listens to what changed instead (core.change): "openings rose", "site part appeared: pricing".
--
-- grain: organization_id, signal_id, fact_id
-- expect: between(strength, 0, 1)
with event as (
    select
        organization_id, property, fact_id, value, quote, url, coalesce(stated_on, cast(observed_at as date)) as happened_on
    from core.testimony
    union all
    (
        select organization_id, 'change', fact_ids[1], says, coalesce(after_quote, before_quote), url, changed_on
        from core.change
        qualify row_number() over (partition by fact_ids[1] order by changed_on desc, change_id) = 1
    )
)
select
    event.organization_id,                                                                  -- Organization.
    signal.signal_id,                                                                       -- Signal.
    event.fact_id,                                                                          -- Fact it was seen in.
    signal.means,                                                                           -- What it tells us.
    event.happened_on,                                                                      -- When it happened, else when it was seen.
    round(power(0.5, greatest(date_diff('day', event.happened_on, cast(run.as_of as date)), 0)
        / cast(signal.half_life_days as double)), 4) as strength,                           -- What it is worth today, 0 to 1.
    event.value,                                                                            -- The event in its own words.
    event.quote,                                                                            -- What stands in the page.
    event.url                                                                               -- Where it stands.
from event
join raw.icp_signal as signal on signal.property = event.property
cross join raw.run
where exists (
    select 1
    from raw.icp_signal_word as word
    where word.signal_id = signal.signal_id
        and contains(
            regexp_replace(lower(' ' || event.value || ' '), '[^\pL\pM\pN]+', ' ', 'g'),
            regexp_replace(lower(' ' || word.word || ' '), '[^\pL\pM\pN]+', ' ', 'g')
        )
)
