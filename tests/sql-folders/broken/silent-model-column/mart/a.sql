-- A table.
--
-- grain: a
select a, b -- Only b.
from core.a
