-- How much of each organization was read: what silence is measured against.
--
-- grain: organization_id
with newest as (
    select *
    from raw.capture
    where source = 'website'
    qualify row_number() over (partition by request_id order by fetched_at desc, capture_id) = 1
),
pages as (
    select
        organization_id,
        count(*) filter (where state = 'read') as pages_read,
        count(distinct kind) filter (where state = 'read') as kinds_read,
        coalesce(sum(words) filter (where state = 'read'), 0) as words_read,
        max(fetched_at) as last_read_at,
        min(state) filter (where kind = 'home') as home_state,
        bool_or(kind = 'home' and state = 'read') as home_read
    from newest
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
    coalesce(if(pages.home_read, 'read', pages.home_state), missed.home_reason, if(organization.domain is null, 'no_website', 'not_asked'))
        as website_state,                                           -- State of its home page: read, needs_browser … or why it was missed.
    coalesce(pages.pages_read, 0) >= run.enough_pages and coalesce(pages.words_read, 0) >= run.enough_words
        as enough                                                   -- Whether enough was read that silence means something.
from core.organization
cross join raw.run
left join pages using (organization_id)
left join missed using (organization_id)
