-- How many people each organization employs, as a number and as a band, as far as anybody says so. Bands are those of the European
-- Union's size classes, with the large ones told apart: 0, 1-9, 10-49, 50-249, 250-999, 1000-4999, 5000+.
--
-- A number gives its band. A range that a register gives ("50-99") gives one where it lies within one, else none; its ends are kept.
-- Where number and range do not agree, the better supported stands, of equals the range, and the other is named in `against`.
--
-- grain: organization_id
-- expect: in_set(employee_band, 0, 1-9, 10-49, 50-249, 250-999, 1000-4999, 5000+)
-- expect: between(employees_low, 0, 100000000)
with counted as (
    select organization_id, number, value, happened_on, support, fact_ids, quote, url
    from core.profile
    where property = 'employees' and number >= 0
),
ranged as (
    select
        organization_id, value, happened_on, support, fact_ids, quote, url,
        list_transform(regexp_extract_all(replace(value, ',', ''), '\d+'), lambda digits: try_cast(digits as bigint)) as ends,
        cast(ends[1] as double) as low,
        case
            when regexp_matches(value, '(\+|more|over|and above)', 'i') then null
            else cast(coalesce(ends[2], ends[1]) as double)
        end as high
    from core.profile
    where property = 'employee_band' and len(ends) between 1 and 2 and ends[1] is not null and coalesce(ends[2], ends[1]) >= ends[1]
),
said as (
    select
        coalesce(counted.organization_id, ranged.organization_id) as organization_id,
        counted.number between ranged.low and coalesce(ranged.high, counted.number) as agrees,
        counted.number is not null and (agrees is distinct from false or counted.support > ranged.support) as by_number,
        ranged.low is not null and (agrees is distinct from false or not by_number) as by_range,
        counted.number, counted.value, counted.support, counted.fact_ids, if(by_number, counted.happened_on, ranged.happened_on) as happened_on,
        ranged.low, ranged.high, ranged.value as range, ranged.support as range_support, ranged.fact_ids as range_fact_ids,
        if(by_number, counted.quote, ranged.quote) as quote, if(by_number, counted.url, ranged.url) as url
    from counted
    full join ranged using (organization_id)
),
decided as (
    select *, if(by_number, number, low) as least, if(by_number, number, high) as most
    from said
)
select
    organization_id,                                                        -- Organization.
    cast(if(by_number, round(number), null) as bigint) as employees,        -- People it employs, where a number is stated.
    cast(least as bigint) as employees_low,                                 -- At least.
    cast(most as bigint) as employees_high,                                 -- At most; null where nobody says so.
    case
        when least = 0 and most = 0 then '0'
        when least between 1 and 9 and most <= 9 then '1-9'
        when least between 10 and 49 and most <= 49 then '10-49'
        when least between 50 and 249 and most <= 249 then '50-249'
        when least between 250 and 999 and most <= 999 then '250-999'
        when least between 1000 and 4999 and most <= 4999 then '1000-4999'
        when least >= 5000 then '5000+'
    end as employee_band,                                                   -- Band it lies in; null where a range lies in several.
    round(if(by_number, support, range_support), 4) as support,             -- How far what is said is supported, 0 to 1.
    if(by_number, fact_ids, []) || if(by_range, range_fact_ids, []) as fact_ids,    -- Facts that say so; those of a number first.
    if(agrees = false, if(by_number, range, value), null) as against,       -- What was said as well and does not agree.
    if(by_number, value, range) as value,                                   -- What is said, as it is spelled there.
    happened_on,                                                            -- Latest date stated for it, else day it was seen.
    quote,                                                                  -- What stands there.
    url                                                                     -- Where it stands.
from decided
