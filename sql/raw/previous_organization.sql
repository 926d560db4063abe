-- How each organization stood in the release before. Where somebody was suppressed since, only those that are still there.
--
-- grain: organization_id
create table raw.previous_organization (
    organization_id varchar not null,   -- Organization.
    domain varchar,                     -- Its registrable domain.
    ring varchar not null,              -- How far in it got.
    fit double,                         -- Fit, 0 to 100; null when it was unknown.
    readiness double                    -- Readiness, 0 to 100.
);
