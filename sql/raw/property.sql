-- The vocabulary of facts.
--
-- grain: name
create table raw.property (
    name varchar not null,          -- Property.
    type varchar not null,          -- text, number or date.
    many boolean not null,          -- Whether an organization has several values at once.
    description varchar not null,   -- What it means.
    watched boolean not null        -- Whether it tells something that a page said otherwise before.
);
