-- The run's own givens, one row.
--
-- grain: as_of
create table raw.run (
    as_of timestamp not null,       -- The moment the run takes for now, UTC.
    enough_pages integer not null,  -- Pages read from which silence means something.
    enough_words integer not null,  -- Words read from which silence means something.
    earlier_captures integer not null   -- Captures before the standing one that are compared, for each request.
);
