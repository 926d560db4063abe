-- How old what is known is, by kind of property, as of the run's own now: days since a page last said so, beyond those for which its
-- source's answers stay fresh.
--
-- grain: class
-- expect: in_set(verdict, fresh, stale, accepted)
-- warn: in_set(verdict, fresh, accepted)
select
    class,              -- who they are, size and money, where to reach them, hiring, technology, or what they say.
    organizations,      -- Organizations of which something is known.
    overdue_days,       -- Days beyond fresh, the median over organizations, of each its newest word.
    oldest_days,        -- The same of the one that is worst off.
    verdict,            -- fresh, stale from 31 days on, accepted, or overdue from 91 on, which stops the release.
    accepted_because    -- Why it may be older: settings.yaml says so, or archives are replayed and nobody is asked.
from core.freshness
