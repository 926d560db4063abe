-- The verdict of every rule on every organization: yes, no or unknown, with what it rests on.
-- Unknown is not no: silence counts as an answer only where the rule says so and enough was read.
--
-- grain: organization_id, rule_id
-- expect: in_set(verdict, yes, no, unknown)
with words as (
    select distinct rule.rule_id, rule.operator, rule.subject, lower(operand.value) as word
    from raw.icp_rule as rule
    join raw.icp_operand as operand using (rule_id)
),
compared as (
    select words.rule_id, subject.*, true as matches
    from core.subject
    join words on words.subject = subject.subject and words.word = lower(subject.value) and words.operator in ('has', 'lacks')
    union all
    select
        rule.rule_id, subject.*,
        case rule.operator
            when 'in' then words.word is not null
            when 'between' then subject.number between rule.low and rule.high
            when 'at_least' then subject.number >= rule.low
            when 'at_most' then subject.number <= rule.high
            when 'within_days' then date_diff('day', subject.happened_on, cast(run.as_of as date)) <= rule.high
        end as matches
    from core.subject
    join raw.icp_rule as rule on rule.subject = subject.subject and rule.operator not in ('has', 'lacks')
    cross join raw.run
    left join words on words.rule_id = rule.rule_id and words.word = lower(subject.value)
),
found as (
    select
        *,
        list(value) filter (where matches) over strongest as matched,
        list(fact_ids[1:3]) filter (where matches) over strongest as matched_facts,
        max(happened_on) filter (where matches) over (partition by organization_id, rule_id) as matched_on
    from compared
    window strongest as (
        partition by organization_id, rule_id
        order by matches desc nulls last, support desc, value, fact_ids rows between current row and 2 following
    )
    qualify row_number() over strongest = 1
),
pages as (
    select organization_id, flatten(list(fact_ids[1:2] order by value)) as fact_ids
    from core.profile
    where property = 'page'
    group by organization_id
),
judged as (
    select
        reading.*, pages.fact_ids as read_facts, rule.rule_id, rule.operator, replace(rule.subject, '_', ' ') || ': ' as about,
        found.* exclude (organization_id, rule_id, subject),
        case
            when found.matches then if(rule.operator = 'lacks', 'no', 'yes')
            when not found.matches then 'no'
            when found.value is null and rule.silence = 'no' and reading.enough then if(rule.operator = 'lacks', 'yes', 'no')
            else 'unknown'
        end as verdict
    from core.reading
    cross join raw.icp_rule as rule
    left join pages using (organization_id)
    left join found on found.organization_id = reading.organization_id and found.rule_id = rule.rule_id
)
select
    organization_id,                                                                        -- Organization.
    rule_id,                                                                                -- Rule.
    verdict,                                                                                -- yes, no or unknown.
    case
        when matches and number is null then about || replace(array_to_string(list_sort(list_distinct(matched)), ', '), '_', ' ')
        when value is not null then about || value
        when verdict = 'unknown' then about || 'nothing found'
        else about || 'nothing said on ' || pages_read || ' pages with ' || words_read || ' words'
    end as finding,                                                                         -- What was found, in words.
    matched_on as happened_on,                                                              -- Date of what was found, where it has one.
    case when verdict <> 'unknown' then round(coalesce(support, 0.5), 2) end as confidence, -- How sure, 0 to 1; null when unknown.
    coalesce(flatten(matched_facts), if(verdict = 'unknown', fact_ids, coalesce(fact_ids, read_facts)), []) as fact_ids,  -- Facts it rests on; of silence, the pages read.
    quote,                                                                                  -- What the strongest says.
    url                                                                                     -- Where it stands.
from judged
