-- The public places looked at.
--
-- grain: name
create table raw.source (
    name varchar not null,          -- Source.
    description varchar not null,   -- What it is.
    terms varchar not null,         -- Under which terms it is read.
    trust double not null,          -- How far its word counts against others, 0 to 1.
    fresh_days integer not null,    -- How long its answers stay fresh.
    expected_share double not null, -- Share of organizations with a website it should answer for, 0 to 1.
    asks boolean not null           -- Whether it asks anybody; else it only reads what others asked for.
);
