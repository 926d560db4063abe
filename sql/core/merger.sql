-- Organizations joined into another once the web was read, by rule and with the fact behind it. Ids never change: the one that is joined
-- keeps its id here; its leads and facts count for the survivor. Joining goes on from one to the next.
--
-- Of those that are one, the survivor is who has the website under its own domain, then who has more leads, then the first by id.
--
-- grain: organization_id
-- expect: in_set(rule, same website, same_as, same legal entity)
-- expect: between(probability, 0, 1)
with recursive side as (
    select organization_id, other_id, rule, fact_id, probability from core.sameness
    union all
    select other_id, organization_id, rule, fact_id, probability from core.sameness
),
component(organization_id, label) using key (organization_id) as (
    select organization_id, least(organization_id, min(other_id))
    from side
    group by organization_id
    union
    select side.organization_id, min(component.label)
    from component
    join side on side.other_id = component.organization_id
    join recurring.component as own on own.organization_id = side.organization_id
    where component.label < own.label
    group by side.organization_id
),
surviving as (
    select
        component.organization_id,
        first_value(component.organization_id) over (
            partition by component.label
            order by coalesce(site.domain = site.listed_domain, false) desc, organization.leads desc, component.organization_id
        ) as survivor_id
    from component
    join core.site using (organization_id)
    join core.organization using (organization_id)
),
told as (
    select *
    from side
    qualify row_number() over (partition by organization_id order by probability desc, rule, other_id, fact_id) = 1
)
select
    surviving.organization_id,                          -- Organization that is joined.
    surviving.survivor_id as into_organization_id,      -- Organization that answers for it.
    told.other_id as with_organization_id,              -- Organization it was found to be one with.
    told.rule,                                          -- same website, same_as or same legal entity.
    told.probability,                                   -- How sure, 0 to 1.
    told.fact_id                                        -- Fact it rests on.
from surviving
join told using (organization_id)
where surviving.survivor_id <> surviving.organization_id
