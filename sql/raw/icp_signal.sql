-- The dated events worth knowing.
--
-- grain: signal_id
create table raw.icp_signal (
    signal_id varchar not null,         -- Signal.
    property varchar not null,          -- Property whose facts are looked at.
    means varchar not null,             -- What it tells us.
    half_life_days integer not null     -- After how many days it is worth half.
);
