-- Pairs of organizations that the web says are one, each with its rule and the fact it rests on.
--
-- The same website: it moved there, or was found by a name and confirmed. Each other's domain: one gives the other's as its own too
-- (same_as), and goes by the same name or is answered in kind. The same legal entity: both imprints give one legal name, and the same
-- postcode or phone. Two that settings.yaml keeps apart (resolution.apart) are never one.
--
-- Of many that are one, each is paired with the first of them, which is enough to join all; those that settings.yaml keeps apart from
-- somebody are paired with each.
--
-- grain: organization_id, other_id, rule
with named as (
    select organization_id, name_key(value) as key
    from core.fact
    where property in ('name', 'legal_name') and confidence >= 0.6
    union
    select organization_id, name_key(listed_name)
    from core.organization
    where listed_name is not null
),
points as (
    select fact.organization_id, site.organization_id as other_id, fact.fact_id, fact.confidence from core.fact
    join core.site on site.domain = fact.value and site.organization_id <> fact.organization_id
    where fact.property = 'same_as'
),
legal as (
    select entity.organization_id, lower(entity.value) as legal_name, place.property, place.value, entity.fact_id, entity.confidence
    from core.fact as entity
    join core.fact as place on place.organization_id = entity.organization_id and place.property in ('postcode', 'phone')
    where entity.property = 'legal_name'
),
separated as (
    select unnest([left_id, right_id]) as organization_id from core.link where verdict = 'apart' and key = 'decided'
),
at_home as (
    select
        organization_id, domain, website_fact_id as fact_id, probability, website_fact_id is not null and domain is distinct from listed_domain as came,
        min(organization_id) filter (where came) over (partition by domain) as first_to_come
    from core.site
),
entity as (
    select *, min(organization_id) over (partition by legal_name, property, value) as first_of_name from legal
),
pair as (
    select came.organization_id, stays.organization_id as other_id, 'same website' as rule, came.fact_id, came.probability
    from at_home as came
    join at_home as stays
        on stays.domain = came.domain and stays.organization_id <> came.organization_id
        and (came.first_to_come in (came.organization_id, stays.organization_id)
            or came.organization_id in (from separated) or stays.organization_id in (from separated))
    where came.came
    union all
    select organization_id, other_id, 'same_as', fact_id, confidence
    from points
    where exists (from points as back where back.organization_id = points.other_id and back.other_id = points.organization_id)
        or exists (
            select 1
            from named as mine
            join named as theirs on theirs.key = mine.key and theirs.organization_id = points.other_id
            where mine.organization_id = points.organization_id and mine.key <> ''
        )
    union all
    select a.organization_id, b.organization_id, 'same legal entity', a.fact_id, least(a.confidence, b.confidence)
    from entity as a
    join entity as b using (legal_name, property, value)
    where a.organization_id <> b.organization_id
        and (a.first_of_name in (a.organization_id, b.organization_id)
            or a.organization_id in (from separated) or b.organization_id in (from separated))
)
select
    organization_id,            -- Organization whose pages say so.
    other_id,                   -- Organization it is one with.
    rule,                       -- same website, same_as or same legal entity.
    fact_id,                    -- Fact it rests on.
    probability                 -- How sure, 0 to 1.
from pair
anti join core.link as decided
    on decided.verdict = 'apart' and decided.key = 'decided'
    and decided.left_id = least(pair.organization_id, pair.other_id)
    and decided.right_id = greatest(pair.organization_id, pair.other_id)
qualify row_number() over (partition by organization_id, other_id, rule order by probability desc, fact_id) = 1
