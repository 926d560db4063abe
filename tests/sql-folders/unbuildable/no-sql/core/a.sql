-- A table.
--
-- grain: a
select 1 as a -- A.
from (select 2 as b))
