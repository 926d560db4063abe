-- A table.
--
-- grain: b
create table raw.a (
    a varchar -- A.
);
