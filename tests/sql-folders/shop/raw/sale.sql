-- Sales,
-- one row a receipt line.
--
-- It is a table of two paragraphs.
--
-- grain: receipt, line
-- expect: references(shop_id, raw.shop.shop_id)
-- expect: between(amount, 0, 1000)
-- warn: between(amount, 1, 500)
-- expect: in_set(currency, EUR, 'a, b')
-- warn: matches(receipt, ^[a-z]{1,3}\d+$)
create table raw.sale (
    receipt varchar not null,       -- Receipt.
    line integer not null           -- Line on it, -- from 1.
    , shop_id varchar not null      -- Shop it was sold in.
    , amount decimal(10, 2)         -- What was paid.
    , currency varchar default 'EUR, or so' /* not, this */ -- Currency.
    , sold_at timestamp             -- When, UTC.
); -- nothing follows
