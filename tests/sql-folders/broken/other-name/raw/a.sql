-- A table.
--
-- grain: a
create table raw.b (
    a varchar -- A.
);
