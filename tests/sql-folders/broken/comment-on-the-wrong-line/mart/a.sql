-- A table.
--
-- grain: total
select
    coalesce( -- Not where the column ends.
        total, 0
    ) as total
from core.a
