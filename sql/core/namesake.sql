-- Candidates without a domain, each beside the one candidate that goes by the same name and that nothing speaks against.
--
-- First the only domain of that name in the same country and place; else the only domain of that name at all, unless both name
-- countries and share none, or a list tells companies of that name apart; else, for a name without a country, the same name in the only
-- country that anybody gives for it. A name that several candidates go by, equally well, joins none of them.
--
-- The probabilities are what `make bench-resolution` counted, and lists of strangers beside each other: with no place to go by, a name
-- of several words or ten letters was one company in 23 cases of 23, one of seven to nine letters in 34 of 36, a shorter in 54 of 68.
--
-- grain: candidate_id
-- expect: between(probability, 0, 1)
-- expect: references(namesake_id, core.candidate.candidate_id)
-- expect: in_set(key, name and place, name)
with spelled as (
    select candidate_id, domain, is_several, unnest(company_keys) as company_key, countries, places
    from core.candidate
),
alone as (
    select *, countries[1] as country from spelled where domain is null
),
in_place as (
    select distinct candidate_id, company_key, countries[1] as country, unnest(places) as place
    from spelled
    where domain is not null and len(countries) = 1
),
by_place as (
    select company_key, country, place, min(candidate_id) as namesake_id
    from in_place
    group by company_key, country, place
    having count(distinct candidate_id) = 1
),
by_name as (
    select company_key, min(candidate_id) as namesake_id, any_value(countries) as countries, any_value(places) as places
    from spelled
    where domain is not null
    group by company_key
    having count(*) = 1
),
by_country as (
    select company_key, min(candidate_id) as namesake_id
    from spelled
    where domain is not null or len(countries) > 0
    group by company_key
    having count(*) = 1 and max(domain) is null
),
paired as (
    select
        alone.candidate_id,
        alone.company_key,
        by_place.namesake_id as placed_id,
        case
            when alone.is_several and not list_has_any(alone.places, by_name.places) then null
            when list_contains(by_name.countries, alone.country) then by_name.namesake_id
        end as country_id,
        case
            when alone.is_several then null
            when alone.country is null or len(by_name.countries) = 0
                then coalesce(by_name.namesake_id, if(alone.country is null, by_country.namesake_id, null))
        end as named_id
    from alone
    left join by_place
        on by_place.company_key = alone.company_key
        and by_place.country = alone.country
        and [by_place.place] = alone.places
    left join by_name on by_name.company_key = alone.company_key
    left join by_country on by_country.company_key = alone.company_key
)
select
    candidate_id,                                                   -- Candidate without a domain.
    coalesce(placed_id, country_id, named_id) as namesake_id,       -- The one it goes by the same name as.
    if(coalesce(placed_id, country_id) is not null, 'name and place', 'name') as key, -- What joins them: name and place, or name.
    cast(case
        when placed_id is not null then 0.99
        when country_id is not null then 0.97
        when says_much(company_key) then 0.98
        when length(company_key) >= 7 then 0.93
        else 0.79
    end as double) as probability                                   -- How sure that is, 0 to 1.
from paired
where coalesce(placed_id, country_id, named_id) is not null
