-- The best shop.
--
-- grain: shop_id
select shop_id, -- Shop.
    total.amount -- What it sold.
from core.total
order by total.amount desc, shop_id
limit 1
