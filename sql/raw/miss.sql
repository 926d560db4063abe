-- Requests without a capture, with the reason.
--
-- grain: request_id
-- expect: references(request_id, raw.request.request_id)
create table raw.miss (
    request_id varchar not null,        -- Request that was not answered.
    organization_id varchar not null,   -- Organization it was asked for.
    source varchar not null,            -- Source on whose behalf.
    kind varchar not null,              -- What for.
    url varchar not null,               -- URL asked.
    reason varchar not null,            -- Code to group by.
    sentence varchar not null,          -- What happened, for people.
    missed_at timestamp not null        -- When, UTC.
);
