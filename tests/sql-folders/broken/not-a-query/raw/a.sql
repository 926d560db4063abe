-- A table.
--
-- grain: a
drop table raw.a
