-- Which technology took the place of which: of one kind of product one went and another came, both seen within 120 days of each other,
-- and the other is in use still. Where several came or went at once, which replaced which cannot be told, and nothing is said.
--
-- Kinds of which a website has several side by side, or which come along with a new website, tell of no decision and are left out.
-- Mail is told by who takes it.
--
-- grain: organization_id, kind, came, changed_on
-- expect: not_null(went, fact_ids)
with turn as (
    select change.*, known.name as technology, known.category
    from core.change
    join raw.technology as known on lower(known.name) = lower(coalesce(after, before))
    where property = 'technology' and kind in ('appeared', 'went') and known.category not in (
        'front-end framework', 'web framework', 'web server', 'fonts', 'video', 'maps', 'media management', 'CDN', 'hosting', 'DNS hosting',
        'advertising', 'search marketing', 'affiliate & referral', 'social sharing', 'bot protection', 'web security', 'developer tools'
    )
),
pair as (
    select
        came.organization_id, came.category, came.technology as came, went.technology as went,
        greatest(came.changed_on, went.changed_on) as changed_on, came.fact_ids || went.fact_ids as fact_ids, came.after_quote as quote, came.url
    from (select * from turn where kind = 'appeared') as came
    join (select * from turn where kind = 'went') as went
        on went.organization_id = came.organization_id and went.category = came.category and went.technology <> came.technology
        and abs(date_diff('day', went.changed_on, came.changed_on)) <= 120
    semi join core.technology as used on used.organization_id = came.organization_id and used.technology = came.technology
    qualify count(*) over (partition by came.organization_id, came.category) = 1
),
mail as (
    select organization_id, after, before, changed_on, fact_ids, after_quote, url
    from core.change
    where property = 'mail_host' and kind = 'became'
)
select
    organization_id,                                    -- Organization.
    category as kind,                                   -- Kind of product.
    came,                                               -- Technology it uses now.
    went,                                               -- Technology it used before.
    category || ': ' || came || ' after ' || went as says,  -- The same in words: what a signal looks at.
    changed_on,                                         -- The day by which both had been seen.
    fact_ids,                                           -- Facts of both.
    quote,                                              -- Trace of the one that came.
    url                                                 -- Where it stands.
from (
    select * from pair
    union all
    select organization_id, 'mail', after, before, changed_on, fact_ids, after_quote, url from mail
) as migrations
