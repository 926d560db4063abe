-- Candidates that belong to another candidate's organization, and what joined them to it. All others are one by themselves.
--
-- grain: candidate_id
-- expect: in_set(key, name and place, name, linked, decided)
-- expect: between(probability, 0, 1)
-- expect: references(candidate_id, core.candidate.candidate_id)
-- expect: references(organization_id, core.candidate.candidate_id)
create table core.cluster (
    candidate_id varchar not null,      -- Candidate.
    organization_id varchar not null,   -- Candidate whose id the organization has: one with a domain, else the smallest id.
    key varchar not null,               -- The weakest link on the way there: name and place, name, linked or decided.
    key_value varchar not null,         -- The names that were joined.
    probability double not null         -- How sure that is, 0 to 1.
);
