-- A table.
--
-- grain: a
select
    a, -- A.
    count(*) -- How many.
from core.a
group by a
