-- What each job title of the lead lists says of the work: in which functions, how far up; each distinct title is understood once.
-- An assistant to the chief executive is no chief executive, and who was one is none now. What a title does not say stays unknown.
--
-- grain: job_title
-- expect: in_set(seniority, owner, c_level, board, vp, head, director, manager, senior, individual, intern)
create table core.job_title (
    job_title varchar not null,     -- Job title as written.
    held varchar not null,          -- Its words that are about the holder's own work, folded, a blank around each.
    functions varchar[] not null,   -- Functions it says, the main one first: finance, marketing, sales …
    seniority varchar,              -- owner, c_level, board, vp, head, director, manager, senior, individual or intern; null: unknown.
    because varchar                 -- Which of its words say so.
);
