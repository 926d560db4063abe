-- A table.
--
-- grain: w
select sum(b) over w -- Looks like a column named w.
from (select 1 as b)
window w as ()
