-- A table.
--
-- grain: a
create table raw.a (
    a nonsense -- A.
);
