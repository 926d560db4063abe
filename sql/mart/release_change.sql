-- Who moved since the release before, and why: organizations that came or left, changed ring, gained or lost ten points of fit or
-- readiness, or are routed otherwise. The first release has no changes.
--
-- grain: organization_id, kind
-- expect: in_set(kind, came, left, ring, fit, readiness, route)
-- expect: not_null(because)
select
    move.organization_id,                                       -- Organization; one that left is in the release before only.
    move.domain,                                                -- Its registrable domain.
    move.kind,                                                  -- came, left, ring, fit, readiness or route.
    move.before,                                                -- What it was; null when it came.
    move.after,                                                 -- What it is; null when it left.
    move.difference,                                            -- Rings further in, or points more; negative outward; null where there is nothing to count.
    case
        when move.kind = 'came' then 'No lead of the release before led to it.'
        when merger.into_organization_id is not null then 'It is one with ' || merger.into_organization_id || '.'
        when move.kind = 'left' then 'No lead leads to it any more.'
        when len(change.new_reasons) + len(change.gone_reasons) > 0 then concat_ws(
            ' ',
            'New: ' || nullif(array_to_string(change.new_reasons, ' · '), ''),
            'Gone: ' || nullif(array_to_string(change.gone_reasons, ' · '), '')
        )
        else 'The same reasons count otherwise: they age, or icp.yaml weighs or routes otherwise.'
    end as because,                                             -- Why, in a sentence: the reasons that are new, and those that are gone.
    coalesce(change.new_reasons, []) as new_reasons,            -- Reasons that are new, heaviest first, each with what was found.
    coalesce(change.gone_reasons, []) as gone_reasons,          -- Reasons that are gone.
    move.since                                                  -- The release before.
from core.move
left join core.reason_change as change using (organization_id)
left join core.merger using (organization_id)
