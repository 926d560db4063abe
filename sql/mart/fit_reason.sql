-- Every reason behind every figure: complete, with its points, its quote and where that stands.
--
-- materialized: view
-- grain: organization_id, icp, figure, rule_id
-- expect: in_set(verdict, yes, no, unknown)
-- expect: between(points, 0, 100)
select
    organization_id,                -- Organization.
    icp,                            -- Profile; mart.fit says which one suits the organization best.
    figure,                         -- Figure it counts in: fit, readiness or reach.
    rule_id,                        -- Rule of icp.yaml, or way to reach.
    ring,                           -- Ring the rule guards; null for reach.
    kind,                           -- must, should, never, or way.
    verdict,                        -- yes, no or unknown.
    points,                         -- Points it gives; the figure is their sum.
    weight,                         -- What a yes is worth before sharing out.
    disqualifies,                   -- Whether it puts the organization outside.
    finding,                        -- What was found.
    because,                        -- Why it matters.
    happened_on,                    -- Date of what was found, where it has one.
    confidence,                     -- How sure, 0 to 1; null when unknown.
    quote,                          -- The organization's own words.
    url,                            -- Where they stand.
    fact_ids                        -- Facts it rests on, in mart.fact.
from core.reason
