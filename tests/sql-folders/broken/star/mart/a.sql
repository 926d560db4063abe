-- A table.
--
-- grain: a
select * -- All of it.
from core.a
