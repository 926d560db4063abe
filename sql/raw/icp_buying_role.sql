-- Words in a job title that decide or influence a purchase from us.
--
-- grain: word
create table raw.icp_buying_role (
    word varchar not null           -- Word or phrase, lower case.
);
