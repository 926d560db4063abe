-- Where each organization's website is, once it was looked at, and how that is known.
--
-- A website stands as confirmed when its pages give the organization's name, moved when its home page stands at another domain of
-- the same name, guessed when it was found by the name alone and confirmed by its pages. What the lists give stands as listed while
-- nothing speaks for or against it; for_sale, somebody_elses and redirected_elsewhere (to another's) speak against it.
--
-- grain: organization_id
-- expect: in_set(standing, confirmed, moved, guessed, listed, for_sale, somebody_elses, redirected_elsewhere, none)
with stated as (
    select organization_id, value, reader, fact_id, confidence
    from core.fact
    where property = 'website'
    qualify row_number() over (partition by organization_id order by observed_at desc, confidence desc, fact_id) = 1
),
refused as (
    select organization_id, value, fact_id
    from core.fact
    where property = 'other_owner'
    qualify row_number() over (partition by organization_id order by observed_at desc, confidence desc, fact_id) = 1
),
newest as (
    select organization_id, state, capture_id, url, fetched_at
    from raw.capture
    where source = 'website' and kind = 'home'
    qualify row_number() over (partition by request_id order by fetched_at desc, capture_id) = 1
),
home as (
    select *
    from newest
    where state <> 'not_confirmed'
    qualify row_number() over (
        partition by organization_id
        order by state in ('parked', 'somebody_elses', 'redirected_elsewhere') desc, fetched_at desc, capture_id
    ) = 1
),
guessed as (
    select organization_id, list(url order by url) as urls
    from newest
    where state = 'not_confirmed'
    group by organization_id
)
select
    organization.organization_id,                                       -- Organization, as intake made it.
    case
        when stated.value is not null then stated.value
        when home.state = 'somebody_elses' then null
        else organization.domain
    end as domain,                                                      -- Registrable domain of its website, or what the lists give; null when that is another's.
    organization.domain as listed_domain,                               -- Domain the lists give.
    case
        when stated.reader = 'guessed website' then 'guessed'
        when stated.reader = 'moved website' then 'moved'
        when stated.value is not null then 'confirmed'
        when home.state = 'parked' then 'for_sale'
        when home.state in ('somebody_elses', 'redirected_elsewhere') then home.state
        when organization.domain is not null then 'listed'
        else 'none'
    end as standing,                                                    -- How its website is known.
    case
        when home.state = 'parked' and stated.value is distinct from organization.domain then 'for_sale'
        when home.state in ('somebody_elses', 'redirected_elsewhere') then home.state
    end as listed_standing,                                             -- What is wrong with the one the lists give, if anything.
    coalesce(guessed.urls, []) as unconfirmed,                          -- Home pages found by its name that did not confirm it.
    coalesce(stated.confidence, if(organization.domain is null, null, 0.9)) as probability, -- How sure its website is its own, 0 to 1.
    if(home.state in ('somebody_elses', 'redirected_elsewhere'), refused.value, null) as other_owner,   -- Whose the one the lists give is instead.
    stated.fact_id as website_fact_id,                                  -- Fact that says whose its website is.
    refused.fact_id as refused_fact_id,                                 -- Fact that says whose the listed one is.
    home.capture_id as home_capture_id,                                 -- Latest capture of a home page.
    home.url as home_url,                                               -- Where that was answered from.
    home.fetched_at as looked_at                                        -- When, UTC.
from core.organization
left join stated using (organization_id)
left join refused using (organization_id)
left join home using (organization_id)
left join guessed using (organization_id)
