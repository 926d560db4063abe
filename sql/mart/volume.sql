-- Whether there is about as much as in the release before, like for like: what a new lead list brings is not counted.
--
-- grain: measure
-- expect: in_set(verdict, first, steady, unusual, accepted)
-- warn: in_set(verdict, first, steady, accepted)
select
    measure,            -- leads, organizations, facts (but for mentions: icp.yaml says which phrases count), or captures they were read from.
    rows,               -- How many there are.
    comparable,         -- How many of these compare with the release before: of the lists, or about the organizations, that it had.
    before,             -- How many it had; null in the first.
    change,             -- By how much that changed, as a share.
    most,               -- By how much it may: 0.3, or three standard deviations of the changes before, once there are five, but 0.15 at least.
    verdict,            -- first, steady, unusual (over 0.15), accepted, or broken, which stops the release.
    accepted_because,   -- Why it may change more, where settings.yaml says so.
    changes             -- The latest thirty changes from release to release, this one first.
from core.volume
