-- Which unknown answer, if somebody found it, would move the most organizations: one rule at a time, over all of them.
-- Counted are organizations that this rule alone keeps from the next ring, in the profile that suits them best, because nobody
-- knows its answer yet. A yes moves them in; a no in market, profile or persona puts them outside, which is worth knowing as well.
--
-- grain: icp, rule_id
-- expect: in_set(closes, research, marketing, sales, time)
-- expect: between(yes_share, 0, 1)
with held as (
    select *, count(*) over (partition by organization_id) = 1 as alone
    from core.gap
),
led as (
    select organization_id, count(*) as leads
    from core.works_for
    group by organization_id
),
asked as (
    select
        icp,
        rule_id,
        count(*) filter (where verdict = 'unknown') as unknown,
        round(count(*) filter (where verdict = 'yes') / nullif(count(*) filter (where verdict <> 'unknown'), 0), 2) as yes_share
    from core.reason
    group by icp, rule_id
)
select
    held.icp,                                                                           -- Profile of icp.yaml.
    held.rule_id,                                                                       -- Rule whose answer is missing.
    held.next_ring,                                                                     -- Ring they would move to, at least.
    count(*) filter (where held.alone) as organizations,                                -- Organizations it alone holds back.
    cast(coalesce(sum(led.leads) filter (where held.alone), 0) as bigint) as leads,     -- Leads at them.
    count(*) filter (where not held.alone) as held_by_more,                             -- Organizations that it holds back beside other rules.
    asked.unknown,                                                                      -- Organizations it is unknown of, whatever holds them.
    asked.yes_share,                                                                    -- Share of yes among those it is known of; null where of none.
    held.closes,                                                                        -- Who can find out: research, marketing, sales or time.
    held.ask,                                                                           -- The question to ask.
    held.because                                                                        -- Why the rule exists.
from held
join asked using (icp, rule_id)
left join led using (organization_id)
where held.verdict = 'unknown'
group by all
