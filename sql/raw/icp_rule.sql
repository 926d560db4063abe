-- The lines of icp.yaml, one rule each.
--
-- grain: rule_id
create table raw.icp_rule (
    rule_id varchar not null,       -- Rule.
    position integer not null,      -- Place in the file.
    ring varchar not null,          -- Ring it guards.
    ring_number integer not null,   -- 1 market, 2 profile, 3 persona, 4 problem, 5 bullseye.
    figure varchar not null,        -- Figure its points count in: fit or readiness.
    kind varchar not null,          -- must, should or never.
    subject varchar not null,       -- Property, change of one, persona dimension or signal it looks at.
    operator varchar not null,      -- in, has, lacks, mentions, between, at_least, at_most, within_days or changed_by.
    low double,                     -- Lower bound.
    high double,                    -- Upper bound, or days.
    weight double not null,         -- What a yes is worth; 0 for never.
    half_life_days integer,         -- After how many days a yes is worth half; null when it does not age.
    silence varchar not null,       -- What it means when enough was read and nothing said: no or unknown.
    because varchar not null,       -- Why the rule exists, in plain words.
    ask varchar,                    -- Question that would settle it.
    closes varchar not null         -- Who can settle it: research, marketing, sales or time.
);
