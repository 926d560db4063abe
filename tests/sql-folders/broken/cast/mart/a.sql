-- A table.
--
-- grain: a
select a::date -- A day.
from core.a
