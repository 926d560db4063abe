-- Shops.
--
-- grain: shop_id
create table raw.shop (
    shop_id varchar not null,       -- Shop.
    opened_on date,                 -- Day it opened.
    "offset" integer,               -- A column whose name SQL would take for a keyword.
    tags varchar[],                 -- Words it is filed under.
    primary_mail varchar,           -- Address, named like the start of a constraint.
    check (shop_id <> '')
);
