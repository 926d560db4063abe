-- Who gets each lead and what they do with it: exactly one route a lead, the first in icp.yaml whose conditions hold.
--
-- grain: lead_id
-- expect: in_set(action, sell, nurture, research, repeat_sale, leave_alone)
select
    lead_id,            -- Lead.
    organization_id,    -- Organization it works for.
    route_id,           -- Route of icp.yaml.
    action,             -- sell, nurture, research, repeat_sale or leave_alone.
    channel,            -- Sales channel.
    owner,              -- Who gets it.
    due_on,             -- Until when.
    play,               -- What they do with it.
    because             -- Why this route.
from core.route
