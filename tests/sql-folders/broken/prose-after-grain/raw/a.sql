-- A table.
--
-- grain: a
-- expects: not_null(a)
create table raw.a (
    a varchar -- A.
);
