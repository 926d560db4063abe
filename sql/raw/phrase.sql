-- The phrases of icp.yaml that pages were listened to with: a page that was read before a phrase was there may still have it.
--
-- grain: term, phrase
create table raw.phrase (
    term varchar not null,      -- Term, promise.<id> for what a promise is recognised by.
    phrase varchar not null     -- One of its phrases, lower case.
);
