-- A table.
--
-- grain: a
select a -- A.
from core.nowhere
