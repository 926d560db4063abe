-- Which known customers each organization that is none is worth comparing with: those who have in common with it what few have. Its six
-- rarest features that any customer has are looked at (industry with size, and with country, are one feature each beside), of each at
-- most 12 customers, and of all these the six with the rarest in common: so the work grows with organizations, not with pairs. They are
-- paired by number, since of 300,000 organizations twenty million pairs are looked at.
--
-- grain: organization_id, customer_id
-- expect: references(customer_id, core.survivor.organization_id)
with known as (
    select organization_id, part, value, rarity
    from core.likeness_feature
    union all
    select industry.organization_id, 'industry and ' || beside.part, concat_ws(chr(31), industry.value, beside.value), industry.rarity + beside.rarity
    from core.likeness_feature as industry
    join core.likeness_feature as beside
        on beside.organization_id = industry.organization_id and industry.part = 'industry' and beside.part in ('size', 'country')
),
numbered as (
    select organization_id, standing = 'customer' as is_customer, row_number() over (order by organization_id) as number
    from core.survivor
),
customer as (
    select known.part, known.value, numbered.number as customer
    from known
    join numbered using (organization_id)
    where is_customer
    qualify row_number() over (partition by known.part, known.value order by known.organization_id) <= 12
),
telling as (
    select known.part, known.value, known.rarity, numbered.number
    from known
    join numbered using (organization_id)
    semi join customer using (part, value)
    where not is_customer
    qualify row_number() over (partition by known.organization_id order by known.rarity desc, known.part, known.value) <= 6
),
nearest as (
    select number, customer
    from telling
    join customer using (part, value)
    group by number, customer
    qualify row_number() over (partition by number order by sum(rarity) desc, customer) <= 6
)
select
    own.organization_id,                        -- Organization.
    theirs.organization_id as customer_id       -- Customer worth comparing it with.
from nearest
join numbered as own on own.number = nearest.number
join numbered as theirs on theirs.number = nearest.customer
