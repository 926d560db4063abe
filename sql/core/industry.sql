-- The three industries that most speaks for, of each organization: its website's words, the classes that registers file it under, and the
-- industry that others name, all taken to NAICS sectors (core.crosswalk). What a lead list says of it is not among them.
--
-- Evidence adds up as in core.claim. Sectors exclude one another, so they compete: with the odds of each sector (support against doubt),
-- its confidence is its odds over one (none of them) and the odds of all.
--
-- grain: organization_id, rank
-- expect: between(rank, 1, 3)
-- expect: between(confidence, 0, 1)
with code as (
    select *, if(property = 'sic', 'sic', 'nace') as scheme, replace(regexp_extract(value, '\d[\d.]*'), '.', '') as digits
    from core.weight
    where property in ('sic', 'sic_uk', 'nace')
),
pointed as (
    select fact_id, organization_id, voice, reader, trust, confidence * freshness as clarity, split_part(value, ' ', 1) as naics
    from core.weight
    where property = 'industry'
    union all
    (
        select code.fact_id, organization_id, voice, reader, trust, confidence * freshness * crosswalk.share, crosswalk.naics
        from code
        join core.crosswalk on crosswalk.scheme = code.scheme and starts_with(code.digits, crosswalk.beginning)
        qualify rank() over (partition by code.fact_id order by length(crosswalk.beginning) desc) = 1
    )
    union all
    (
        select weight.fact_id, organization_id, voice, reader, trust, confidence * freshness * crosswalk.share, crosswalk.naics
        from core.weight
        join core.crosswalk on crosswalk.scheme = 'word' and contains(lower(weight.value), crosswalk.beginning)
        where weight.property = 'sector'
        qualify row_number() over (partition by weight.fact_id order by length(crosswalk.beginning) desc, crosswalk.naics) = 1
    )
),
reading as (
    select organization_id, naics, voice, reader, max(clarity) as clarity, max(trust) as trust
    from pointed
    group by all
),
voice as (
    select organization_id, naics, voice, max(trust) * agreed(clarity) as worth
    from reading
    group by all
),
heard as (
    select organization_id, naics, list_sort(list(voice)) as sources, least(round(agreed(worth), 4), 0.99) as support
    from voice
    group by all
),
cited as (
    select organization_id, naics, list(fact_id order by trust * clarity desc, fact_id)[1:5] as fact_ids
    from pointed
    group by all
),
ranked as (
    select
        heard.*,
        support / (1 - support) as odds,
        odds / (1 + sum(odds) over (partition by organization_id)) as confidence,
        row_number() over (partition by organization_id order by support desc, naics) as rank
    from heard
)
select
    ranked.organization_id,                             -- Organization.
    ranked.rank,                                        -- 1 for the surest.
    ranked.naics,                                       -- NAICS sector: first two digits, or the range of them.
    sector.title,                                       -- What it is called.
    sector.sector,                                      -- Both.
    round(ranked.confidence, 2) as confidence,          -- How sure, 0 to 1; with what is missing to 1, it is another or none.
    ranked.sources,                                     -- Sources that speak for it and were asked apart.
    cited.fact_ids,                                     -- Up to five facts that do, weightiest first.
    fact.quote,                                         -- What the weightiest says.
    fact.url                                            -- Where it stands.
from ranked
join core.sector using (naics)
join cited on cited.organization_id = ranked.organization_id and cited.naics = ranked.naics
join core.testimony as fact on fact.fact_id = cited.fact_ids[1]
where ranked.rank <= 3
