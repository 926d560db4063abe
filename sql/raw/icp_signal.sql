-- The dated events worth knowing.
--
-- grain: signal_id
-- expect: in_set(evidence, problem, commitment, change)
create table raw.icp_signal (
    signal_id varchar not null,         -- Signal.
    kind varchar not null,              -- Kind of event: opening, programme, migration, funding …
    evidence varchar not null,          -- What it is evidence of: problem, commitment, or change: something is going on.
    means varchar not null,             -- What it tells us.
    half_life_days integer not null,    -- After how many days it is worth half.
    within_days integer not null        -- How close to each other two of them are one, however worded; 0 where only the same words are.
);
