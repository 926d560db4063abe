-- Which rules each profile asks: those that hold for all, and its own.
--
-- grain: icp, rule_id
create table raw.icp_profile_rule (
    icp varchar not null,           -- Profile.
    rule_id varchar not null        -- Rule.
);
