-- How each source did: what was asked, what answered, in which shape, what it said.
--
-- Two things can be wrong with a source. It falls short of the share of organizations it should answer for; those do not count whose
-- answers nobody could have had (an archive that does not hold them, a budget that was spent, nobody asked), nor do fewer than ten. Or
-- it answers in another shape than its reader knows: more than a fifth of its answers, and at least three.
--
-- grain: source
-- expect: between(unreadable_share, 0, 1)
with newest as (
    select *, state not in ('read', 'needs_browser', 'soft_404', 'parked', 'wall', 'reserved', 'not_confirmed', 'somebody_elses',
        'redirected_elsewhere') as is_unreadable
    from raw.capture
    qualify row_number() over (partition by request_id order by fetched_at desc, capture_id) = 1
),
answered as (
    select
        source,
        count(*) as answered,
        count(*) filter (where is_unreadable) as unreadable,
        list_sort(list(distinct state) filter (where is_unreadable)) as states,
        max(fetched_at) as last_capture_at
    from newest
    group by source
),
asked as (
    select source, count(*) as requests
    from raw.request
    group by source
),
out_of_reach as (
    select miss.source, count(distinct miss.organization_id) as organizations
    from core.miss
    semi join core.reading on reading.organization_id = miss.organization_id and reading.pages_read > 0
    anti join newest on newest.source = miss.source and newest.organization_id = miss.organization_id
    where miss.reason in ('not_in_archive', 'budget_spent', 'deferred')
    group by miss.source
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
    if(source.asks and asked.requests is null, 0, read.organizations - coalesce(out_of_reach.organizations, 0))
        as judged_by,                                                               -- Organizations it could have answered for.
    if(judged_by >= 10,
        greatest(source.expected_share - coalesce(stated.organizations, 0) / judged_by, 0), 0)
        as shortfall,                                                               -- How far it falls short of what it should answer for.
    coalesce(answered.unreadable, 0) as unreadable,                                 -- Answers, the newest of each request, that its reader could not read.
    unreadable / answered.answered as unreadable_share,                             -- Their share, 0 to 1; null when nothing answered.
    case
        when answered.answered is null then 'nothing answered'
        when unreadable >= 3 and unreadable_share > 0.2
            then format('{}: {} of {} answers are of another shape ({})', source.name, unreadable, answered.answered,
                array_to_string(answered.states, ', '))
        else 'as expected'
    end as shape,                                                                   -- Whether it answers in the shape it should, else who, how often and in what way not.
    answered.last_capture_at                                                        -- Its latest capture, UTC.
from raw.source
cross join read
left join asked on asked.source = source.name
left join answered on answered.source = source.name
left join out_of_reach on out_of_reach.source = source.name
left join stated on stated.source = source.name
