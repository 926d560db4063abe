-- What may be an organization: everything that stands under one domain, or under one name in one place. Candidates that turn out to
-- be one organization are joined by core.cluster.
--
-- grain: candidate_id
-- expect: between(leads, 1, 1000000000)
with spelled as (
    select candidate_id, company, count(*) as leads
    from core.tie
    where company is not null
    group by candidate_id, company
    qualify row_number() over (partition by candidate_id order by count(*) desc, company) <= 8
),
names as (
    select candidate_id, list(company order by leads desc, company) as names
    from spelled
    group by candidate_id
),
placed as (
    select
        candidate_id,
        any_value(domain) as domain,
        list_sort(list(distinct company_key) filter (where company_key is not null)) as company_keys,
        list_sort(list(distinct country) filter (where country is not null)) as countries,
        list_sort(list(distinct place) filter (where place <> '')) as places,
        list_sort(list(distinct region) filter (where region <> '')) as regions,
        list_sort(list(distinct phone) filter (where phone like '+%')) as phones,
        list_sort(list(distinct linkedin) filter (where linkedin is not null)) as profiles,
        bool_or(is_several) as is_several,
        bool_or(is_known) as is_known,
        count(*) as leads
    from core.tie
    group by candidate_id
)
select
    candidate_id,                                       -- Hash of the domain, or of name and place.
    domain,                                             -- Registrable domain; null when only a name is known.
    coalesce(names, []) as names,                       -- Up to eight names as written, the most frequent first.
    coalesce(company_keys, []) as company_keys,         -- Names folded.
    coalesce(countries, []) as countries,               -- Countries its leads give.
    coalesce(places[:50], []) as places,                -- Cities its leads give, folded; up to fifty.
    coalesce(regions[:50], []) as regions,              -- Regions its leads give, folded; up to fifty.
    coalesce(phones[:50], []) as phones,                -- Phones its leads give, E.164; up to fifty.
    coalesce(profiles[:50], []) as profiles,            -- Profiles on LinkedIn its leads give; up to fifty.
    is_several,                                         -- Whether a list tells companies of that name and country apart.
    is_known,                                           -- Whether it stands in a list of ours: customers, competitors, partners.
    leads                                               -- Leads tied to it.
from placed
left join names using (candidate_id)
