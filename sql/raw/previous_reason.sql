-- What told for or against each organization in the release before: rules answered yes, and those that put it outside, in the profile
-- that suited it best. Nothing that a page said is kept, only what icp.yaml says.
--
-- grain: organization_id, rule_id
create table raw.previous_reason (
    organization_id varchar not null,   -- Organization.
    rule_id varchar not null,           -- Rule.
    verdict varchar not null,           -- yes, or no where that put it outside.
    because varchar not null            -- Why the rule exists.
);
