-- Every published figure beside the sum of its published reasons; a difference blocks the release.
--
-- grain: organization_id, icp, figure, published_in
-- expect: between(difference, 0, 0)
with published as (
    select 'mart.fit' as published_in, organization_id, icp, unnest(['fit', 'readiness', 'reach']) as figure, unnest([fit, readiness, reach]) as value
    from mart.fit
    union all
    select 'mart.fit_by_icp', organization_id, icp, unnest(['fit', 'readiness', 'reach']), unnest([fit, readiness, reach])
    from mart.fit_by_icp
),
summed as (
    select organization_id, icp, figure, round(sum(points), 2) as points
    from mart.fit_reason
    group by organization_id, icp, figure
)
select
    published.organization_id,                                                              -- Organization.
    published.icp,                                                                          -- Profile.
    published.published_in,                                                                 -- Table it is published in.
    published.figure,                                                                       -- Figure.
    published.value,                                                                        -- As published.
    summed.points,                                                                          -- Sum of its reasons.
    round(coalesce(published.value, 0) - coalesce(summed.points, 0), 2) as difference       -- Must be 0.
from published
left join summed using (organization_id, icp, figure)
