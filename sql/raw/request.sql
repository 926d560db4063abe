-- What was asked: one URL for one organization on behalf of one source.
--
-- grain: request_id
-- expect: references(organization_id, core.organization.organization_id)
create table raw.request (
    request_id varchar not null,        -- Hash of organization, source and URL.
    organization_id varchar not null,   -- Organization it was asked for.
    source varchar not null,            -- Source on whose behalf.
    kind varchar not null,              -- What for: home, about, robots …
    url varchar not null                -- URL asked.
);
