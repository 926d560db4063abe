-- The peer: the same rules over the same files of facts, scored by one plain query that keeps no evidence. It knows nothing of sources
-- weighed against each other, of age, of personas, signals, promises or reach: the least that anybody has to pay who scores these facts.
create table peer.peer as
with said as (
    select organization_id, property, value, max(confidence) as support, max(coalesce(stated_on, cast(observed_at as date))) as happened_on
    from read_parquet(getvariable('facts'))
    group by all
),
best as (
    select said.*, try_cast(value as double) as number
    from said
    join raw.property on property.name = said.property
    qualify many or row_number() over (partition by organization_id, said.property order by support desc, value) = 1
),
word as (
    select rule_id, list(lower(value)) as words from raw.icp_operand group by rule_id
),
found as (
    select
        organization_id, rule_id,
        bool_or(case
            when operator in ('in', 'has', 'lacks', 'mentions') then list_contains(words, lower(best.value))
            when operator in ('between', 'at_least', 'at_most') then number between coalesce(low, number) and coalesce(high, number)
            else date_diff('day', happened_on, date '2026-11-16') <= high
        end) as matches
    from best
    join raw.icp_rule as rule on rule.subject = best.property
    left join word using (rule_id)
    group by all
),
judged as (
    select
        organization.organization_id, rule.*,
        case when found.matches is null then null when operator = 'lacks' then not found.matches else found.matches end as yes
    from core.organization
    cross join raw.icp_rule as rule
    left join found on found.organization_id = organization.organization_id and found.rule_id = rule.rule_id
),
placed as (
    select
        organization_id,
        round(100 * sum(weight) filter (where figure = 'fit' and yes) / sum(weight) filter (where figure = 'fit' and yes is not null), 2) as fit,
        round(100 * sum(weight) filter (where figure = 'readiness' and yes) / sum(weight) filter (where figure = 'readiness'), 2) as readiness,
        sum(weight) filter (where yes is not null) / sum(weight) as coverage,
        coalesce(min(ring_number) filter (where kind = 'must' and yes is not true), 6) as held_at,
        bool_or(kind = 'never' and yes or kind = 'must' and not yes and ring_number <= 3) as is_outside
    from judged
    group by organization_id
)
select
    placed.*,
    case
        when is_outside then 'leave_alone'
        when held_at >= 5 then 'sell'
        when held_at >= 3 then 'nurture'
        else 'research'
    end as action
from placed
