-- Whose group each organization belongs to, by its own word or its parent's; companies of a group stay apart.
-- The parent is one of ours where exactly one goes by that name.
--
-- grain: organization_id
with named as (
    select organization_id, regexp_replace(name_key(listed_name), '(group|gruppe|groupe|gruppo|grupo|groep|holding)$', '') as key
    from core.survivor
    where listed_name is not null
    union
    select organization_id, regexp_replace(name_key(value), '(group|gruppe|groupe|gruppo|grupo|groep|holding)$', '')
    from core.profile
    where property in ('name', 'legal_name')
),
told as (
    select
        organization_id, value, support, fact_ids, quote, url,
        regexp_replace(name_key(value), '(group|gruppe|groupe|gruppo|grupo|groep|holding)$', '') as key
    from core.profile
    where property = 'parent'
),
ours as (
    select key, min(organization_id) as organization_id
    from named
    group by key
    having count(distinct organization_id) = 1
)
select
    told.organization_id,                           -- Organization.
    told.value as parent,                           -- Name of its parent.
    ours.organization_id as parent_organization_id, -- The parent among our organizations; null when it is none of them.
    told.support,                                   -- How far its facts support it, 0 to 1.
    told.fact_ids,                                  -- Facts that say so, strongest first.
    told.quote,                                     -- What the strongest says.
    told.url                                        -- Where it stands.
from told
left join ours using (key)
anti join named as own on own.organization_id = told.organization_id and own.key = told.key
