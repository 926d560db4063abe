-- The verdict of every rule on every organization: yes, no or unknown, with what it rests on.
-- Unknown is not no: silence counts as an answer only where the rule says so and enough was read.
--
-- grain: organization_id, rule_id
-- expect: in_set(verdict, yes, no, unknown)
with ranked as (
    select *, row_number() over (
        partition by organization_id, rule_id order by matches desc nulls last, support desc, value, fact_ids
    ) as place
    from core.comparand
),
found as (
    select
        organization_id, rule_id,
        bool_or(matches) as matches,
        list(value order by place) filter (matches and place <= 3) as matched,
        flatten(list(fact_ids[1:3] order by place) filter (matches and place <= 3)) as matched_facts,
        max(happened_on) filter (matches) as matched_on,
        arg_min(struct_pack(value, number, support, fact_ids, quote, url), place) as best
    from ranked
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
        reading.organization_id, reading.pages_read, reading.words_read, rule.rule_id, replace(rule.subject, '_', ' ') || ': ' as about,
        pages.fact_ids as read_facts, found.* exclude (organization_id, rule_id),
        case
            when found.matches then if(rule.operator = 'lacks', 'no', 'yes')
            when not found.matches then 'no'
            when found.best is null and rule.silence = 'no' and reading.enough then if(rule.operator = 'lacks', 'yes', 'no')
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
        when matches and best.number is null then about || replace(array_to_string(list_sort(list_distinct(matched)), ', '), '_', ' ')
        when best is not null then about || best.value
        when verdict = 'unknown' then about || 'nothing found'
        else about || 'nothing said on ' || pages_read || ' pages with ' || words_read || ' words'
    end as finding,                                                                         -- What was found, in words.
    matched_on as happened_on,                                                              -- Date of what was found, where it has one.
    case when verdict <> 'unknown' then round(coalesce(best.support, 0.5), 2) end as confidence, -- How sure, 0 to 1; null when unknown.
    coalesce(matched_facts, best.fact_ids, if(verdict = 'unknown', [], read_facts[1:3]), []) as fact_ids, -- Facts it rests on; of silence, pages that were read.
    best.quote as quote,                                                                    -- What the strongest says.
    best.url as url                                                                         -- Where it stands.
from judged
