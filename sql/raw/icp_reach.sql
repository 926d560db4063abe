-- What each way to reach the right person is worth.
--
-- grain: way
create table raw.icp_reach (
    way varchar not null,           -- person_in_buying_role, work_email, direct_phone, role_mailbox or switchboard.
    position integer not null,      -- Place among them.
    points double not null          -- Points of 100.
);
