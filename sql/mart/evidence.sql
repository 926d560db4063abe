-- Where every published value comes from: one row per cited cell, or per value where a cell holds several.
--
-- grain: organization_id, column, value, fact_id
-- expect: not_null(quote)
-- expect: not_null(url)
with cited as (
    select
        profile.organization_id,
        published.column_name,
        profile.value,
        profile.fact_ids[1] as fact_id,
        len(profile.fact_ids) as facts,
        profile.support
    from core.profile
    join core.published using (property)
    union all
    select organization_id, 'parent', parent, fact_ids[1], len(fact_ids), support
    from core.parent
    union all
    select organization_id, column_name, value, fact_ids[1], len(fact_ids), confidence
    from (
        select organization_id, fact_ids, confidence, unnest(['industry', 'industry_confidence']) as column_name,
            unnest([sector, cast(confidence as varchar)]) as value
        from core.industry
        where rank = 1
        union all
        select organization_id, fact_ids, support, unnest(['employees', 'employee_band']), unnest([cast(employees as varchar), employee_band])
        from core.size
    ) as weighed
    where value is not null
    union all
    select organization_id, 'persona.' || dimension, cast(value as varchar), unnest(fact_ids[1:3]), markers, coverage
    from core.trait
    where value is not null
)
select
    cited.organization_id,                          -- Organization.
    cited.column_name as "column",                  -- Column of mart.organization, or persona.<dimension>.
    cited.value,                                    -- Value published.
    fact.quote,                                     -- What stands on the page.
    fact.url,                                       -- Where on the web.
    fact.locator,                                   -- Where in the page.
    fact.source,                                    -- Source.
    fact.observed_at,                               -- When the page said so, UTC.
    capture.checked_at,                             -- When it was last confirmed that the page is unchanged, UTC.
    fact.stated_on,                                 -- Date the page itself gives for it.
    cited.facts,                                    -- How many facts say so.
    round(cited.support, 2) as support,             -- How far they support it, 0 to 1.
    fact.fact_id,                                   -- Strongest fact, in mart.fact.
    capture.capture_id,                             -- Capture it was read from.
    capture.digest                                  -- SHA-256 of that capture's body.
from cited
join core.fact using (fact_id)
join core.capture using (capture_id)
