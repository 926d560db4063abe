-- Two candidates whose names are alike enough to ask whether they are one organization, and what became of the question.
--
-- Candidates that go by one name come from core.namesake, the others are found by Splink; settings.yaml (`resolution`) has the last word.
--
-- grain: left_id, right_id
-- expect: in_set(key, name and place, name, linked, decided)
-- expect: in_set(verdict, joined, review, apart)
-- expect: between(probability, 0, 1)
-- expect: references(left_id, core.candidate.candidate_id)
-- expect: references(right_id, core.candidate.candidate_id)
create table core.link (
    left_id varchar not null,           -- One candidate, the smaller id.
    right_id varchar not null,          -- The other.
    key varchar not null,               -- What speaks for it: name and place, name, linked or decided.
    probability double not null,        -- How sure it is that both are one organization, 0 to 1.
    verdict varchar not null,           -- joined, review or apart.
    left_name varchar not null,         -- Name of the one, as compared.
    right_name varchar not null,        -- Name of the other.
    agrees varchar not null,            -- What agrees, in words.
    disagrees varchar not null,         -- What does not.
    because varchar not null            -- Why the verdict is what it is.
);
