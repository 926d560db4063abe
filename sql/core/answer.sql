-- The verdict of every rule on every organization: yes, no or unknown, with what it rests on.
-- Unknown is not no: silence counts as an answer only where the rule says so and enough was read.
--
-- grain: organization_id, rule_id
-- expect: in_set(verdict, yes, no, unknown)
with compared as (
    select
        rule.rule_id,
        subject.*,
        case rule.operator
            when 'between' then subject.number between rule.low and rule.high
            when 'at_least' then subject.number >= rule.low
            when 'at_most' then subject.number <= rule.high
            when 'within_days' then date_diff('day', subject.happened_on, cast(run.as_of as date)) <= rule.high
            else operand.value is not null
        end as matches
    from raw.icp_rule as rule
    cross join raw.run
    join core.subject on subject.subject = rule.subject
    left join raw.icp_operand as operand on operand.rule_id = rule.rule_id and lower(operand.value) = lower(subject.value)
),
summed as (
    select
        organization_id,
        rule_id,
        bool_or(matches) as matches,
        list(distinct value order by value) filter (where matches)[1:3] as matched,
        arg_max(value, support) as value,
        max(support) as support,
        max(happened_on) filter (where matches) as happened_on,
        flatten(list(fact_ids[1:3] order by support desc, value) filter (where matches)) as matched_facts,
        flatten(list(fact_ids[1:3] order by support desc, value)) as fact_ids,
        arg_max(struct_pack(quote, url), (matches, support, value)) as best
    from compared
    group by organization_id, rule_id
),
pages as (
    select organization_id, flatten(list(fact_ids[1:2] order by value)) as fact_ids
    from core.profile
    where property = 'page'
    group by organization_id
),
judged as (
    select
        organization.organization_id,
        rule.*,
        summed.* exclude (organization_id, rule_id),
        reading.pages_read,
        reading.words_read,
        coalesce(pages.fact_ids, []) as read_facts,
        case
            when summed.matches then if(rule.operator = 'lacks', 'no', 'yes')
            when summed.matches is not null and rule.operator not in ('has', 'lacks') then 'no'
            when rule.silence = 'no' and reading.enough then if(rule.operator = 'lacks', 'yes', 'no')
            else 'unknown'
        end as verdict
    from core.organization
    cross join raw.icp_rule as rule
    join core.reading using (organization_id)
    left join pages using (organization_id)
    left join summed using (organization_id, rule_id)
)
select
    organization_id,                                                            -- Organization.
    rule_id,                                                                    -- Rule.
    verdict,                                                                    -- yes, no or unknown.
    case
        when matches and operator in ('in', 'has', 'lacks') then replace(subject, '_', ' ') || ': ' || replace(array_to_string(matched, ', '), '_', ' ')
        when matches is not null and operator not in ('has', 'lacks') then replace(subject, '_', ' ') || ': ' || value
        when verdict = 'unknown' then replace(subject, '_', ' ') || ': nothing found'
        else replace(subject, '_', ' ') || ': nothing said on ' || pages_read || ' pages with ' || words_read || ' words'
    end as finding,                                                             -- What was found, in words.
    happened_on,                                                                -- Date of what was found, where it has one.
    case when verdict = 'unknown' then null else round(coalesce(support, 0.5), 2) end as confidence,  -- How sure, 0 to 1.
    coalesce(matched_facts, fact_ids, if(verdict = 'unknown', [], read_facts)) as fact_ids,  -- Facts it rests on; of silence, the pages read.
    if(matches or operator not in ('has', 'lacks'), best.quote, null) as quote,                                                        -- What the strongest says.
    if(matches or operator not in ('has', 'lacks'), best.url, null) as url                                                             -- Where it stands.
from judged
