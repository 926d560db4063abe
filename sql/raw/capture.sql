-- Responses, as archived.
--
-- grain: request_id, capture_id
-- expect: references(request_id, raw.request.request_id)
create table raw.capture (
    capture_id varchar not null,        -- Hash of URL, moment and digest.
    request_id varchar not null,        -- Request it answers.
    organization_id varchar not null,   -- Organization it was asked for.
    source varchar not null,            -- Source on whose behalf.
    kind varchar not null,              -- What for: home, about, robots …
    url varchar not null,               -- URL that answered, after redirects.
    status integer not null,            -- HTTP status.
    content_type varchar not null,      -- Content type as sent.
    fetched_at timestamp not null,      -- When, UTC.
    checked_at timestamp not null,      -- When its content was last confirmed, UTC: then, or unchanged since.
    digest varchar not null,            -- SHA-256 of the body.
    length bigint not null,             -- Bytes of the body.
    file varchar not null,              -- Archive file.
    "offset" bigint not null,           -- Where in it the record begins.
    state varchar not null,             -- read, needs_browser, soft_404, parked, or the reason it could not be read.
    words integer not null,             -- Words of visible text.
    headers varchar not null            -- Headers that tell of the machines behind it; of cookies, their names.
);
