-- A table.
--
-- grain: a
-- expect: between(a, 0, 1)
-- expect: between(a, 0, 2)
create table raw.a (
    a integer -- A.
);
