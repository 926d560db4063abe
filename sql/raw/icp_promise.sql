-- What we promise, and the concern behind it.
--
-- grain: promise_id
create table raw.icp_promise (
    promise_id varchar not null,    -- Promise.
    position integer not null,      -- Place in the file; earlier wins a tie.
    concern varchar not null,       -- Concern or aspiration it fulfils.
    promise varchar not null,       -- The promise.
    message varchar not null,       -- What to say.
    term varchar not null           -- Term of the lexicon that shows an organization would recognise it.
);
