-- The verdict of every rule on every organization: yes, no or unknown, with what it rests on.
-- Unknown is not no: silence counts as an answer only where the rule says so and enough was read.
--
-- Millions are grouped and joined by a number of 64 bits that stands for organization and rule, as much as an id has; and only where
-- several things were found are they put in order.
--
-- grain: organization_id, rule_id
-- expect: in_set(verdict, yes, no, unknown)
with compared as not materialized (
    select *, hash(organization_id, rule_id) as answer from core.comparand
),
several as (
    select answer from compared group by answer having count(*) > 1
),
ranked as (
    select compared.*, row_number() over (partition by answer order by matches desc nulls last, support desc, value, fact_ids) as place
    from compared
    semi join several using (answer)
),
best as (
    select
        answer, count(*) filter (where matches) > 1 as is_several,
        array_to_string(list_sort(list_distinct(list(value) filter (matches and place <= 3))), ', ') as listed,
        flatten(list(fact_ids[1:3] order by place) filter (matches and place <= 3)) as several_facts,
        max(happened_on) filter (where matches) as several_on
    from ranked
    group by answer
),
found as (
    select *, null as listed, null as several_facts, null as several_on
    from compared
    anti join several using (answer)
    union all
    select ranked.* exclude (place), if(is_several, listed, null), if(is_several, several_facts, null), if(is_several, several_on, null)
    from ranked
    join best using (answer)
    where place = 1
),
pages as (
    select organization_id, flatten(list(fact_ids[1:2] order by value))[1:3] as fact_ids
    from core.profile
    where property = 'page'
    group by organization_id
),
judged as (
    select
        reading.organization_id, reading.pages_read, reading.words_read, rule.rule_id, replace(rule.subject, '_', ' ') || ': ' as about,
        found.* exclude (organization_id, rule_id, answer), pages.fact_ids as read_facts,
        case
            when matches then if(rule.operator = 'lacks', 'no', 'yes')
            when not matches then 'no'
            when value is null and rule.silence = 'no' and reading.enough then if(rule.operator = 'lacks', 'yes', 'no')
            else 'unknown'
        end as verdict
    from core.reading
    cross join raw.icp_rule as rule
    left join pages using (organization_id)
    left join found on found.answer = hash(reading.organization_id, rule.rule_id)
)
select
    organization_id,                                                                    -- Organization.
    rule_id,                                                                            -- Rule.
    verdict,                                                                            -- yes, no or unknown.
    about || case
        when matches and number is null then replace(coalesce(listed, value), '_', ' ')
        when value is not null then value
        when verdict = 'unknown' then 'nothing found'
        else 'nothing said on ' || pages_read || ' pages with ' || words_read || ' words'
    end as finding,                                                                     -- What was found, in words.
    if(matches, coalesce(several_on, happened_on), null) as happened_on,                -- Date of what was found, where it has one.
    case when verdict <> 'unknown' then round(coalesce(support, 0.5), 2) end as confidence, -- How sure, 0 to 1; null when unknown.
    case
        when several_facts is not null then several_facts
        when value is not null then if(matches, fact_ids[1:3], fact_ids)
        when verdict <> 'unknown' then coalesce(read_facts, [])
        else []
    end as fact_ids,                                                                    -- Facts it rests on; of silence, pages that were read.
    quote,                                                                              -- What the strongest says.
    url                                                                                 -- Where it stands.
from judged
