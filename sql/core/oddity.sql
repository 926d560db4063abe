-- What somebody should look at: a website that was read and gives none of the names the lists give, and companies of the lists that
-- stand under one website and have no word of their names in common. They stay as the lists have them.
--
-- grain: organization_id, rule, other
with own as (
    select organization_id, value, fact_id, name_key(value) as key
    from core.fact
    where property in ('name', 'legal_name') and confidence >= 0.6
),
listed as (
    select distinct membership.organization_id, lead.company, name_key(lead.company) as key
    from core.lead
    join core.membership using (lead_id)
    where lead.company is not null
),
alike as (
    select listed.organization_id, listed.company, listed.key, own.key as own_key
    from listed
    join own using (organization_id)
    where contains(own.key, listed.key) or contains(listed.key, own.key)
        or len(list_filter(list_intersect(name_words(listed.company), name_words(own.value)), lambda word: length(word) >= 4)) > 0
),
otherwise as (
    select own.organization_id, 'its pages give another name' as rule, own.value as other, own.fact_id
    from own
    join core.site on site.organization_id = own.organization_id and site.standing = 'listed'
    anti join alike on alike.organization_id = own.organization_id
    semi join listed on listed.organization_id = own.organization_id
    qualify row_number() over (partition by own.organization_id order by own.fact_id) = 1
),
several as (
    select listed.organization_id, 'another company of the lists under its website' as rule, listed.company as other, own.fact_id
    from listed
    semi join alike on alike.organization_id = listed.organization_id
    anti join alike as same
        on same.organization_id = listed.organization_id
        and len(list_filter(list_intersect(name_words(listed.company), name_words(same.company)), lambda word: length(word) >= 4)) > 0
    join own on own.organization_id = listed.organization_id
    qualify row_number() over (partition by listed.organization_id, listed.company order by own.fact_id) = 1
)
select
    organization_id,        -- Organization, as intake made it.
    rule,                   -- What is odd about it.
    other,                  -- The name that does not fit.
    fact_id                 -- A fact that says what its website is called.
from (
    select * from otherwise
    union all
    select * from several
) as oddities
