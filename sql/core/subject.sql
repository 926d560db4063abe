-- Everything a rule may look at, in one shape: properties, what changed of them, dimensions of the persona, its distance from ours, signals.
--
-- How many people it employs may be said as a range, so that its ends come along: what holds for all of it is known.
--
-- materialized: view
-- grain: organization_id, subject, value, fact_ids
select
    organization_id,        -- Organization.
    subject,                -- Property, change, change.<property>, persona.<dimension>, persona.distance or signal.<id>.
    value,                  -- Value as text.
    number,                 -- Value as a number, where it is one; of a change in numbers, by how much.
    least,                  -- Of a range, the smallest number it may be.
    most,                   -- Of a range, the largest; infinity where nobody says.
    happened_on,            -- Its date.
    support,                -- How sure, 0 to 1.
    fact_ids,               -- Facts behind it.
    quote,                  -- What the strongest says.
    url                     -- Where it stands.
from (
    select organization_id, property as subject, value, number, happened_on, support, fact_ids, quote, url
    from core.profile
    where property not in ('industry', 'employees', 'employee_band')
    union all
    select organization_id, 'industry', sector, null, null, confidence, fact_ids, quote, url
    from core.industry
    where rank = 1
    union all
    select organization_id, 'employee_band', employee_band, null, null, support, fact_ids, quote, url
    from core.size
    where employee_band is not null
    union all
    select
        organization_id, 'change', property || ' ' || kind, try_cast(after as double), changed_on, 1, fact_ids, coalesce(after_quote, before_quote), url
    from core.change
    union all
    select
        organization_id, 'change.' || property, says, try_cast(after as double) - try_cast(before as double), changed_on, 1, fact_ids,
        coalesce(after_quote, before_quote), url
    from core.change
    cross join raw.run
    where kind in ('rose', 'fell') and changed_on > cast(run.as_of as date) - 365
    union all
    select
        trait.organization_id,
        'persona.' || trait.dimension,
        cast(trait.value as varchar),
        trait.value,
        cast(reading.last_read_at as date),
        trait.coverage,
        trait.fact_ids,
        trait.quotes[1],
        null
    from core.trait
    join core.reading using (organization_id)
    where trait.value is not null
    union all
    select organization_id, 'persona.distance', cast(distance as varchar), distance, null, dimensions / 8.0, fact_ids, null, null
    from core.distance
    union all
    select organization_id, 'signal.' || signal_id, value, null, happened_on, strength, [fact_id], quote, url
    from core.signal
    union all by name
    select
        organization_id, 'employees' as subject, value, employees as number, if(employees is null, employees_low, null) as least,
        if(employees is null, coalesce(cast(employees_high as double), 'infinity'), null) as most, happened_on, support, fact_ids, quote, url
    from core.size
) as subjects
