-- Who the leads are in their organizations: function, seniority and buying role, from their own job titles.
--
-- grain: lead_id
-- expect: references(lead_id, mart.lead.lead_id)
select
    lead_id,            -- Lead.
    organization_id,    -- Organization it works for.
    job_title,          -- Job title, as the list has it.
    function,           -- Main function: general_management, finance, sales …; null when the title does not say.
    functions,          -- All functions the title says, the main one first.
    seniority,          -- owner, c_level, board, vp, head, director, manager, senior, individual or intern; null when the title does not say.
    buying_role,        -- decides, influences, uses, blocks or unknown, as icp.yaml has it for such a title.
    because             -- Which words of the title say so, and what icp.yaml says.
from core.contact
