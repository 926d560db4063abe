-- What two captures that are compared (core.comparison) say otherwise, property by property: what only the earlier says, what only the
-- later says. Of a property that has only one value both stand in one row, and none where one of its values is in both.
--
-- grain: request_id, capture_id, property, key
with old as (
    select request_id, comparison.capture_id as since, utterance.*
    from core.comparison
    join core.utterance on utterance.organization_id = comparison.organization_id and utterance.capture_id = before_id
),
new as (
    select request_id, capture_id as since, utterance.*
    from core.comparison
    join core.utterance using (organization_id, capture_id)
),
beside as (
    select
        request_id, since, property, key, coalesce(old.many, new.many) as many, coalesce(old.type, new.type) as type,
        if(old.value is null, null, struct_pack(old.value, old.fact_id, old.quote, old.confidence)) as old,
        if(new.value is null, null, struct_pack(new.value, new.fact_id, new.quote, new.confidence)) as new
    from old
    full join new using (request_id, since, property, key)
),
one as (
    select
        request_id, since, property, type,
        arg_max(old, (old.confidence, old.fact_id)) as old,
        arg_max(new, (new.confidence, new.fact_id)) as new
    from beside
    where not many
    group by all
    having not bool_or(old is not null and new is not null)
)
select
    request_id,         -- Request.
    since as capture_id,    -- Later capture.
    property,           -- What is claimed.
    key,                -- What all spellings of the claim have in common: of the later one, where there are both.
    type,               -- text, number or date.
    old,                -- The surest claim of the earlier capture, with its fact; null where it says nothing.
    new                 -- The surest claim of the later one; null where it says nothing.
from (
    select request_id, since, property, type, claim_key(property, type, new.value) as key, old, new
    from one
    where old is not null and new is not null
    union all
    select request_id, since, property, type, key, old, new
    from beside
    where many and (old is null or new is null)
) as differences
