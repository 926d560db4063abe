-- Which of our promises each organization would recognise, in its own words; or none, and then we let go.
-- Only promises of the profile that suits it best are made to it.
--
-- grain: organization_id
-- expect: in_set(verdict, recognised, none fits, unknown)
with ranked as (
    select
        organization_id,
        list(promise_id order by support desc, position) as promises,
        arg_max(struct_pack(promise_id, concern, promise, message), (support, -position)) as best,
        list(quote order by support desc, position) as quotes,
        list(url order by support desc, position) as urls,
        flatten(list(fact_ids[1:3] order by support desc, position)) as fact_ids
    from core.recognition
    group by organization_id
)
select
    organization.organization_id,                                                           -- Organization.
    case
        when ranked.best is not null then 'recognised'
        when reading.enough then 'none fits'
        else 'unknown'
    end as verdict,                                                                         -- recognised, none fits or unknown.
    ranked.best.promise_id as promise_id,                                                   -- Promise it would recognise first.
    ranked.best.concern as concern,                                                         -- Concern or aspiration behind it.
    ranked.best.promise as promise,                                                         -- The promise.
    case
        when ranked.best is not null then ranked.best.message
        when reading.enough then 'None of our promises fits: let go.'
        else 'Too little was read to say which promise they would recognise.'
    end as message,                                                                         -- What to say.
    coalesce(ranked.promises, []) as promises,                                              -- All promises recognised, surest first.
    coalesce(ranked.quotes, []) as quotes,                                                  -- Its own words that say so.
    coalesce(ranked.urls, []) as urls,                                                      -- Where they stand.
    coalesce(ranked.fact_ids, []) as fact_ids                                               -- Facts they come from.
from core.survivor as organization
join core.reading using (organization_id)
left join ranked using (organization_id)
