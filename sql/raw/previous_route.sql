-- What was done about each organization in the release before.
--
-- grain: organization_id, action
create table raw.previous_route (
    organization_id varchar not null,   -- Organization.
    action varchar not null             -- sell, nurture, research, repeat_sale or leave_alone.
);
