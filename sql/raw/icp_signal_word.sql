-- The phrases that make a fact a signal. In a phrase # is any number, … any words between.
--
-- grain: signal_id, property, part, word
-- expect: in_set(part, tells, about, unless)
create table raw.icp_signal_word (
    signal_id varchar not null,     -- Signal.
    property varchar not null,      -- Property whose facts are looked at.
    part varchar not null,          -- tells: makes it one; about: one of these stands there, too; unless: makes it none.
    word varchar not null           -- Word or phrase, lower case; * for every fact of the property.
);
