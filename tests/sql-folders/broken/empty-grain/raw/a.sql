-- A table.
--
-- grain: a,
create table raw.a (
    a varchar -- A.
);
