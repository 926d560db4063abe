-- A table.
--
-- grain: a
select a -- A.
from raw.a
