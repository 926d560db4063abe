-- Who each lead is in their organization, from their job title alone: function, how far up, and what icp.yaml says such a person has
-- to do with buying from us. A title that does not say leaves it unknown.
--
-- grain: lead_id
-- expect: references(lead_id, core.lead.lead_id)
-- expect: in_set(buying_role, decides, influences, uses, blocks, unknown)
with buys as (
    select job_title.job_title, role.role, role.says
    from core.job_title
    join raw.icp_buying_role as role
        on (role.word is null or contains(job_title.held, role.word))
        and (len(role.functions) = 0 or list_has_any(role.functions, job_title.functions))
        and (len(role.seniorities) = 0 or list_contains(role.seniorities, job_title.seniority))
    qualify row_number() over (partition by job_title.job_title order by role.position) = 1
)
select
    lead.lead_id,                                           -- Lead.
    works_for.organization_id,                              -- Organization it works for.
    lead.job_title,                                         -- Job title as written; null when the list has none.
    job_title.functions[1] as function,                     -- Main function: general_management, finance, sales …; null when unknown.
    coalesce(job_title.functions, []) as functions,         -- All functions the title says.
    job_title.seniority,                                    -- owner, c_level, board, vp, head, director, manager, senior, individual or intern; null when unknown.
    coalesce(buys.role, 'unknown') as buying_role,          -- decides, influences, uses, blocks or unknown.
    nullif(concat_ws('; ', job_title.because, buys.says), '') as because  -- Which words of the title say so, and what icp.yaml says.
from core.lead
join core.works_for using (lead_id)
left join core.job_title using (job_title)
left join buys using (job_title)
