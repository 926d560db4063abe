create table raw.a (
    a varchar -- A.
);
