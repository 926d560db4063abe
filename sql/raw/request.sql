-- What was asked: one URL for one organization on behalf of one source; of few, something posted there or only some of its bytes.
--
-- grain: request_id
-- expect: references(organization_id, core.organization.organization_id)
create table raw.request (
    request_id varchar not null,        -- Hash of organization, source, URL and what was posted or wanted of it.
    organization_id varchar not null,   -- Organization it was asked for.
    source varchar not null,            -- Source on whose behalf.
    kind varchar not null,              -- What for: home, about, robots …
    url varchar not null,               -- URL asked.
    body varchar not null,              -- JSON that was posted; empty where nothing was.
    span varchar not null               -- The only bytes that were wanted, as bytes=100-199; empty where all were.
);
