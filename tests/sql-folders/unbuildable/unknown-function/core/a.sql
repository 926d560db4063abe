-- A table.
--
-- grain: a
select nope(1) as a -- A.
