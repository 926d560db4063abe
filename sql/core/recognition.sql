-- Which promises each organization's own words would recognise, of those that the profile makes that suits it best.
--
-- grain: organization_id, promise_id
select
    profile.organization_id,    -- Organization.
    promise.promise_id,         -- Promise.
    promise.position,           -- Its place in icp.yaml; earlier wins a tie.
    promise.concern,            -- Concern or aspiration behind it.
    promise.promise,            -- The promise.
    promise.message,            -- What to say.
    profile.support,            -- How sure, 0 to 1.
    profile.quote,              -- Its own words.
    profile.url,                -- Where they stand.
    profile.fact_ids            -- Facts they come from.
from core.profile
join raw.icp_promise as promise on promise.term = profile.value
join core.choice on choice.organization_id = profile.organization_id
join raw.icp_profile_promise as made on made.icp = choice.icp and made.promise_id = promise.promise_id
where profile.property = 'mentions'
