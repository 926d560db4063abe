-- How much the release before held, and how much that had changed from release to release.
--
-- grain: measure
create table raw.previous_volume (
    measure varchar not null,           -- What was counted.
    rows bigint not null,               -- How many there were.
    changes double[] not null           -- By how much that had changed each time, as a share, the latest first.
);
