-- Who decides, influences, uses or blocks a purchase from us, by the words of a job title, by function, by how far up. The first that
-- holds counts; what is not given holds for everybody. A mere list of words in icp.yaml is of those who at least influence.
--
-- grain: position
-- expect: in_set(role, decides, influences, uses, blocks)
create table raw.icp_buying_role (
    position integer not null,      -- Order in the file, from 0; every spelling of a word is a row.
    role varchar not null,          -- decides, influences, uses or blocks.
    word varchar,                   -- Word or phrase, folded, a blank before and after it; null where any title will do.
    functions varchar[] not null,   -- Functions of which the title says one; empty where any will do.
    seniorities varchar[] not null, -- How far up, all that will do; empty where any will.
    says varchar not null           -- What the file says, in words.
);
