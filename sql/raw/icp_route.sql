-- Who gets a lead and what they do with it; the first route whose conditions hold takes it.
--
-- grain: route_id
create table raw.icp_route (
    route_id varchar not null,      -- Route.
    position integer not null,      -- Order in which routes are tried.
    action varchar not null,        -- sell, nurture, research, repeat_sale or leave_alone.
    rings varchar[],                -- Rings it takes; null for any.
    icps varchar[],                 -- Profiles it takes; null for any.
    standings varchar[],            -- Standings it takes: prospect, customer, competitor, partner; null for any.
    fit_at_least double,            -- Least fit; null for any.
    readiness_at_least double,      -- Least readiness; null for any.
    reach_at_least double,          -- Least reach; null for any.
    channel varchar,                -- Sales channel.
    owner varchar not null,         -- Who gets it.
    within_days integer,            -- How soon, in days.
    play varchar not null           -- What they do with it.
);
