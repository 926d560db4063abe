-- A table.
--
-- grain: a
-- expect: references(a, raw.nowhere.b)
create table raw.a (
    a varchar -- A.
);
