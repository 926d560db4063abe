-- How old what is known is, by kind of property: days since a page last said so, beyond those for which its source's answers stay fresh.
-- Of each organization its newest word counts, and over all the median. As of the run's own now, so that a replay is as fresh as it was.
--
-- grain: class
-- expect: in_set(verdict, fresh, stale, overdue, accepted)
with class as (
    select unnest(properties) as property, class
    from (values
        ('who they are', ['name', 'legal_name', 'website', 'parent', 'description', 'founded_year', 'lei', 'registration_number', 'industry']),
        ('size and money', ['employees', 'revenue', 'ticker', 'price']),
        ('where to reach them', ['street', 'city', 'region', 'postcode', 'country', 'phone', 'mailbox', 'location', 'linkedin', 'social_profile']),
        ('hiring', ['openings', 'opening', 'opening_department', 'opening_place', 'job_board']),
        ('technology', ['technology', 'mail_host', 'dmarc_policy'])
    ) as classes (class, properties)
),
newest as (
    select
        coalesce(class.class, 'what they say') as class,
        testimony.organization_id,
        min(greatest(date_diff('day', capture.checked_at, run.as_of) - source.fresh_days, 0)) as overdue_days
    from core.testimony
    join core.capture using (capture_id)
    join raw.source on source.name = testimony.source
    cross join raw.run
    left join class using (property)
    group by 1, testimony.organization_id
),
middle as (
    select
        class,
        count(*) as organizations,
        quantile_disc(overdue_days, 0.5) as overdue_days,
        max(overdue_days) as oldest_days,
        (select min(because) from raw.accepted where what in ('freshness', 'freshness ' || newest.class)) as accepted_because
    from newest
    group by class
)
select
    middle.class,                                   -- who they are, size and money, where to reach them, hiring, technology, or what they say.
    middle.organizations,                           -- Organizations of which something is known.
    middle.overdue_days,                            -- Days beyond fresh, the median of them.
    middle.oldest_days,                             -- The same of the one that is worst off.
    case
        when middle.overdue_days <= 30 then 'fresh'
        when middle.accepted_because is not null then 'accepted'
        when middle.overdue_days <= 90 then 'stale'
        else 'overdue'
    end as verdict,                                 -- fresh, stale from 31 days on, overdue from 91, or accepted.
    if(verdict = 'accepted', middle.accepted_because, null) as accepted_because -- Why it may be older: settings.yaml says so, or archives are replayed.
from middle
