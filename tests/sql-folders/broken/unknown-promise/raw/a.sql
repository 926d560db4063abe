-- A table.
--
-- grain: a
-- expect: beween(a, 0, 1)
create table raw.a (
    a varchar -- A.
);
