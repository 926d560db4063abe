-- Dated events that tell something, worth half after every half-life of their signal. What happened once is told once, however often and
-- wherever it was read: the same words at most 30 days apart or, where the signal says so, all that is close enough in time.
--
-- An event is dated by the page or, where no page gives a day, from when it was first seen: to see it again makes it no younger.
--
-- grain: organization_id, signal_id, happened_on, value
-- expect: between(strength, 0, 1)
-- expect: in_set(evidence, problem, commitment, change)
-- expect: not_null(fact_id)
with told as (
    select
        organization_id, signal_id, value, words, fact_id, [fact_id] as fact_ids, quote, url, stated_on,
        cast(observed_at as date) as seen_on, confidence
    from core.testimony
    join core.wording using (property, value)
    union all
    select organization_id, signal_id, value, words, fact_ids[1], fact_ids, coalesce(after_quote, before_quote), url, null, changed_on, 0.9
    from core.change
    join core.wording on wording.property = 'change' and wording.value = change.says
    union all
    select organization_id, signal_id, value, words, fact_ids[1], fact_ids, quote, url, null, changed_on, 0.8
    from core.migration
    join core.wording on wording.property = 'migration' and wording.value = migration.says
),
before as (
    select
        coalesce(merger.into_organization_id, earlier.organization_id) as organization_id, signal_id, words,
        cast(min(observed_at) as date) as seen_on
    from core.earlier_fact as earlier
    join core.wording using (property, value)
    left join core.merger on merger.organization_id = earlier.organization_id
    group by all
),
dated as (
    select
        told.*, signal.within_days, if(within_days > 0, '', words) as of_one, max(stated_on) over same is not null as is_dated,
        coalesce(stated_on, max(stated_on) over same, least(min(told.seen_on) over same, before.seen_on)) as day
    from told
    join raw.icp_signal as signal using (signal_id)
    left join before using (organization_id, signal_id, words)
    window same as (partition by organization_id, signal_id, words)
),
apart as (
    select *, day - lag(day) over (partition by organization_id, signal_id, of_one order by day) > if(within_days > 0, within_days, 30) as begins
    from dated
),
placed as (
    select *, count(*) filter (where begins) over (partition by organization_id, signal_id, of_one order by day) as place
    from apart
),
event as (
    select
        organization_id, signal_id, min(day) as happened_on, bool_or(is_dated) as is_dated, max(confidence) as confidence,
        list_sort(list_distinct(flatten(list(fact_ids)))) as fact_ids,
        arg_min(struct_pack(value, fact_id, quote, url), (not is_dated, -confidence, day, value, fact_id)) as best
    from placed
    group by organization_id, signal_id, of_one, place
)
select
    event.organization_id,                                                          -- Organization.
    signal.signal_id,                                                               -- Signal.
    signal.kind,                                                                    -- Kind of event: opening, programme, migration …
    signal.evidence,                                                                -- What it is evidence of: problem, commitment or change.
    signal.means,                                                                   -- What it tells us.
    event.happened_on,                                                              -- When it happened, else when it was first seen.
    event.is_dated,                                                                 -- Whether a page gives that day; else it was first seen then.
    round(power(0.5, greatest(date_diff('day', event.happened_on, cast(run.as_of as date)), 0)
        / cast(signal.half_life_days as double)), 4) as strength,                   -- What it is worth today, 0 to 1.
    round(event.confidence * if(event.is_dated, 1, 0.8), 2) as confidence,          -- How sure it happened then, 0 to 1.
    best.value as value,                                                            -- The event in its own words.
    best.quote as quote,                                                            -- What stands in the page.
    best.url as url,                                                                -- Where it stands.
    best.fact_id as fact_id,                                                        -- Fact that tells it best.
    event.fact_ids                                                                  -- All facts that tell of it.
from event
join raw.icp_signal as signal using (signal_id)
cross join raw.run
