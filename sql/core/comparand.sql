-- What each rule compares with what it asks for: of `has` and `lacks` only what it has, of other operators everything of the subject.
--
-- A phrase is mentioned where it stands whole in the value, in any case. What changed is looked at over a year. A range is what the
-- rule asks for where all of it is, and is not where none of it is.
--
-- grain: organization_id, rule_id, value, fact_ids
with words as (
    select
        rule.rule_id, rule.operator, rule.subject, lower(operand.value) as word,
        as_words(operand.value) as phrase
    from raw.icp_rule as rule
    join raw.icp_operand as operand using (rule_id)
),
phrases as (
    select rule_id, list(phrase) as phrases
    from words
    group by rule_id
)
select
    organization_id,    -- Organization.
    rule_id,            -- Rule.
    matches,            -- Whether it is what the rule asks for; null where that cannot be said.
    value,              -- Value as text.
    number,             -- Value as a number, where it is one.
    happened_on,        -- Its date.
    support,            -- How sure, 0 to 1.
    fact_ids,           -- Facts behind it.
    quote,              -- What the strongest says.
    url                 -- Where it stands.
from (
    select words.rule_id, true as matches, subject.* exclude (least, most)
    from core.subject
    join words on words.subject = subject.subject and words.word = lower(subject.value) and words.operator in ('has', 'lacks')
    union all
    select rule_id, len(list_filter(phrases, lambda phrase: contains(said, phrase))) > 0, * exclude (rule_id, phrases, said, least, most)
    from (
        select rule.rule_id, phrases.phrases, as_words(subject.value) as said, subject.*
        from core.subject
        join raw.icp_rule as rule on rule.subject = subject.subject and rule.operator = 'mentions'
        join phrases using (rule_id)
    ) as heard
    union all
    select
        rule.rule_id,
        case rule.operator
            when 'in' then words.word is not null
            when 'within_days' then date_diff('day', subject.happened_on, cast(run.as_of as date)) <= rule.high
            else case
                when coalesce(least, number) >= coalesce(rule.low, least, number) and coalesce(most, number) <= coalesce(rule.high, most, number) then true
                when coalesce(most, number) < rule.low or coalesce(least, number) > rule.high then false
            end
        end,
        subject.* exclude (least, most)
    from core.subject
    join raw.icp_rule as rule on rule.subject = subject.subject and rule.operator not in ('has', 'lacks', 'mentions')
    cross join raw.run
    left join words on words.rule_id = rule.rule_id and words.word = lower(subject.value) and rule.operator = 'in'
) as compared
