-- What pages said before they changed: facts of captures that were read and stand no more, of the properties that are watched.
-- They count for nothing but for telling change.
--
-- grain: fact_id
-- expect: between(confidence, 0, 1)
-- expect: not_null(quote)
-- expect: references(property, raw.property.name)
-- expect: references(capture_id, raw.capture.capture_id)
create table core.earlier_fact (
    fact_id varchar not null,           -- Hash of organization, property, value, source and capture.
    organization_id varchar not null,   -- Organization it is about.
    property varchar not null,          -- What is claimed.
    value varchar not null,             -- The claim.
    source varchar not null,            -- Source that says it.
    reader varchar not null,            -- Reader that understood it.
    capture_id varchar not null,        -- Capture it was read from.
    url varchar not null,               -- Where it stands on the web.
    locator varchar not null,           -- Where it stands in the page.
    quote varchar not null,             -- What stands there.
    observed_at timestamp not null,     -- When the page said so, UTC.
    stated_on date,                     -- Date the page itself gives for it.
    confidence double not null          -- How sure the reading is, 0 to 1.
);
