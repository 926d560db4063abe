-- Every published figure beside the sum of its published reasons; a difference blocks the release.
--
-- grain: organization_id, figure
-- expect: between(difference, 0, 0)
with published as (
    select organization_id, unnest(['fit', 'readiness', 'reach']) as figure, unnest([fit, readiness, reach]) as value
    from mart.fit
),
summed as (
    select organization_id, figure, round(sum(points), 2) as points
    from mart.fit_reason
    group by organization_id, figure
)
select
    published.organization_id,                                                              -- Organization.
    published.figure,                                                                       -- Figure.
    published.value,                                                                        -- As published.
    summed.points,                                                                          -- Sum of its reasons.
    round(coalesce(published.value, 0) - coalesce(summed.points, 0), 2) as difference       -- Must be 0.
from published
left join summed using (organization_id, figure)
