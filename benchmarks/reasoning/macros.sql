-- A number from 0 on that looks like chance and is the same every time.
create or replace temp macro chance
    (a) as cast(hash(a) >> 1 as bigint),
    (a, b) as cast(hash(a, b) >> 1 as bigint),
    (a, b, c) as cast(hash(a, b, c) >> 1 as bigint),
    (a, b, c, d) as cast(hash(a, b, c, d) >> 1 as bigint)
