-- What each shop sold.
--
-- grain: shop_id
-- expect: rows_between(0, 10)
with sold as (
    -- A select within, whose comments describe nothing.
    select shop_id, amount, -- not a column of the table
        extract(year from sold_at) as year
    from raw.sale
),
empty as (select 1 as a where false)
select distinct on (shop.shop_id)
    shop.shop_id,                                           -- Shop.
    coalesce(
        sum(sold.amount),  -- a sum over nothing is null
        0
    ) as amount,                                            -- Sum of what was paid, in '€'.
    sold.amount is distinct from null as sells,             -- Whether it sold at all; a "from" that ends no list.
    case
        when count(*) > 1 then 'many, really'
        else $$one, 'perhaps'$$
    end as "how many",                                      -- One or many.
    {'a': 1, 'b': [1, 2]}['a'] + 1 as struct_part,          -- Brackets of every kind.
    list_transform(shop.tags, lambda tag: tag || ', ') as tags -- Its tags.
from raw.shop
left join sold using (shop_id)
where 'select x, -- y' <> ''
group by all;
