-- Which promises each profile makes.
--
-- grain: icp, promise_id
create table raw.icp_profile_promise (
    icp varchar not null,           -- Profile.
    promise_id varchar not null     -- Promise.
);
