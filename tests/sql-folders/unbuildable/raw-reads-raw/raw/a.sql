-- A table.
--
-- grain: a
select 1 as a -- A.
