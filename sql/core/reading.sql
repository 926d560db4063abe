-- How much of each organization was read: what silence is measured against.
--
-- grain: organization_id
with newest as (
    select coalesce(merger.into_organization_id, capture.organization_id) as organization_id, capture.* exclude (organization_id)
    from raw.capture
    left join core.merger using (organization_id)
    where capture.source = 'website'
    qualify row_number() over (partition by capture.request_id order by capture.fetched_at desc, capture.capture_id) = 1
),
page as (
    select *
    from newest
    qualify row_number() over (partition by organization_id, url order by fetched_at desc, capture_id) = 1
),
pages as (
    select
        organization_id,
        count(*) filter (where state = 'read') as pages_read,
        count(distinct kind) filter (where state = 'read') as kinds_read,
        coalesce(sum(words) filter (where state = 'read'), 0) as words_read,
        max(fetched_at) as last_read_at,
        min(state) filter (where kind = 'home' and state <> 'not_confirmed') as home_state,
        bool_or(state = 'not_confirmed') as is_guessed,
        bool_or(kind = 'home' and state = 'read') as home_read
    from page
    group by organization_id
),
missed as (
    select organization_id, count(*) as misses, min(reason) filter (where kind = 'home') as home_reason
    from core.miss
    group by organization_id
)
select
    organization.organization_id,                                   -- Organization.
    coalesce(pages.pages_read, 0) as pages_read,                    -- Pages of its website read.
    coalesce(pages.kinds_read, 0) as kinds_read,                    -- Kinds of page read.
    cast(coalesce(pages.words_read, 0) as bigint) as words_read,    -- Words of visible text read.
    coalesce(missed.misses, 0) as misses,                           -- Requests without an answer.
    pages.last_read_at,                                             -- When its website was last seen, UTC.
    coalesce(if(pages.home_read, 'read', pages.home_state), missed.home_reason, 
        if(pages.is_guessed, 'not_confirmed', if(organization.domain is null, 'no_website', 'not_asked')))
        as website_state,                                           -- State of its home page: read, needs_browser, somebody_elses, not_confirmed … or why it was missed.
    coalesce(pages.pages_read, 0) >= run.enough_pages and coalesce(pages.words_read, 0) >= run.enough_words
        as enough                                                   -- Whether enough was read that silence means something.
from core.survivor as organization
cross join raw.run
left join pages using (organization_id)
left join missed using (organization_id)
