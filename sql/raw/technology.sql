-- The technologies that are known by the traces they leave (pipelines/signatures.yaml).
--
-- grain: name
-- expect: not_null(category)
create table raw.technology (
    name varchar not null,          -- Technology.
    category varchar not null       -- Kind of product it is.
);
