-- The words that make a fact a signal.
--
-- grain: signal_id, word
create table raw.icp_signal_word (
    signal_id varchar not null,     -- Signal.
    word varchar not null           -- Word or phrase, lower case.
);
