-- How each source did: what was asked, what answered, what it said.
--
-- grain: source
with asked as (
    select source, count(*) as requests, count(distinct organization_id) as organizations
    from raw.request
    group by source
),
answered as (
    select source, count(distinct request_id) as answered, max(fetched_at) as last_capture_at
    from raw.capture
    group by source
),
stated as (
    select source, count(*) as facts, count(distinct organization_id) as organizations
    from core.testimony
    group by source
),
read as (
    select count(*) filter (where pages_read > 0) as organizations
    from core.reading
)
select
    source.name as source,                                                          -- Source.
    source.description,                                                             -- What it is.
    coalesce(asked.requests, 0) as requests,                                        -- Requests made.
    coalesce(answered.answered, 0) as answered,                                     -- Requests answered.
    coalesce(asked.requests, 0) - coalesce(answered.answered, 0) as missed,         -- Requests missed; core.miss has the reasons.
    coalesce(stated.facts, 0) as facts,                                             -- Facts it states.
    coalesce(stated.organizations, 0) as organizations,                             -- Organizations it says something about.
    if(read.organizations >= 10,
        greatest(source.expected_share - coalesce(stated.organizations, 0) / read.organizations, 0), 0)
        as shortfall,                                                               -- How far it falls short of what it should answer for.
    answered.last_capture_at                                                        -- Its latest capture, UTC.
from raw.source
cross join read
left join asked on asked.source = source.name
left join answered on answered.source = source.name
left join stated on stated.source = source.name
