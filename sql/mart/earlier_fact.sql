-- The evidence of what pages said before they changed: the facts that mart.change cites and no page says any more.
--
-- grain: fact_id
-- expect: not_null(quote)
with cited as (
    select distinct unnest(fact_ids) as fact_id
    from core.change
)
select
    fact.fact_id,           -- Fact.
    coalesce(merger.into_organization_id, fact.organization_id) as organization_id, -- Organization it is about.
    fact.property,          -- What was claimed.
    fact.value,             -- The claim.
    fact.source,            -- Source that said it.
    fact.reader,            -- Reader that understood it.
    fact.url,               -- Where it stood on the web.
    fact.locator,           -- Where it stood in the page.
    fact.quote,             -- What stood there.
    fact.observed_at,       -- When the page said so, UTC.
    fact.stated_on,         -- Date the page itself gave for it.
    fact.confidence,        -- How sure the reading is, 0 to 1.
    fact.capture_id         -- Capture in the archive.
from core.earlier_fact as fact
semi join cited on cited.fact_id = fact.fact_id
left join core.merger on merger.organization_id = fact.organization_id
