-- Which known customers each organization that is none is worth comparing with: those who have in common with it what few have. Its six
-- rarest features that any customer has are looked at (industry with size, and with country, are one feature each beside), of each at
-- most 25 customers, and of all these the six with the rarest in common: so the work grows with organizations, not with pairs.
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
customer as (
    select known.part, known.value, known.organization_id as customer_id
    from known
    join core.survivor using (organization_id)
    where survivor.standing = 'customer'
    qualify row_number() over (partition by known.part, known.value order by known.organization_id) <= 25
),
telling as (
    select known.*
    from known
    join core.survivor using (organization_id)
    semi join customer using (part, value)
    where survivor.standing <> 'customer'
    qualify row_number() over (partition by known.organization_id order by known.rarity desc, known.part, known.value) <= 6
)
select
    telling.organization_id,    -- Organization.
    customer.customer_id        -- Customer worth comparing it with.
from telling
join customer using (part, value)
group by telling.organization_id, customer.customer_id
qualify row_number() over (
    partition by telling.organization_id order by sum(telling.rarity) desc, customer.customer_id
) <= 6
