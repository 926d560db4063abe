-- Which reasons are new since the release before, and which are gone, of organizations that moved and stood in both. A reason is a rule
-- of icp.yaml that was answered yes, or whose no puts the organization outside.
--
-- grain: organization_id
with moved as (
    select distinct organization_id
    from core.move
    where kind not in ('came', 'left')
),
now as (
    select organization_id, rule_id, verdict, because, finding, weight
    from core.reason
    semi join moved using (organization_id)
    semi join core.choice using (organization_id, icp)
    where figure <> 'reach' and (verdict = 'yes' or disqualifies)
),
before as (
    select organization_id, rule_id, verdict, because
    from raw.previous_reason
    semi join moved using (organization_id)
),
appeared as (
    select organization_id, list(if(verdict = 'no', 'not so: ', '') || because || ' (' || finding || ')' order by weight desc, rule_id) as reasons
    from now
    anti join before using (organization_id, rule_id, verdict)
    group by organization_id
),
gone as (
    select organization_id, list(if(verdict = 'no', 'not so: ', '') || because order by rule_id) as reasons
    from before
    anti join now using (organization_id, rule_id, verdict)
    group by organization_id
)
select
    moved.organization_id,                              -- Organization.
    coalesce(appeared.reasons, []) as new_reasons,      -- Reasons that are new, heaviest first, each with what was found.
    coalesce(gone.reasons, []) as gone_reasons          -- Reasons that are gone.
from moved
left join appeared using (organization_id)
left join gone using (organization_id)
