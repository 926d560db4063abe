-- The enriched leads: who they are, who they work for, how far in that is, why, and what to do. What the lead export holds.
--
-- grain: lead_id
-- expect: references(organization_id, mart.organization.organization_id)
-- expect: not_null(route, route_owner)
with next_step as (
    select organization_id, list(ask order by weight desc, rule_id)[1] as ask
    from mart.gap
    group by organization_id
)
select
    lead.lead_id,                                               -- Lead.
    lead.list_name as list,                                     -- Lead list it came in.
    lead.list_kind,                                             -- leads, customers, competitors or partners.
    lead.row_number,                                            -- Row of that list.
    lead.first_name,                                            -- Given name, as the list has it.
    lead.last_name,                                             -- Family name.
    lead.job_title,                                             -- Job title.
    contact.function as job_function,                           -- Function the title says: finance, sales …; null when it does not say.
    contact.seniority,                                          -- How far up it says: owner, c_level … intern; null when it does not say.
    contact.buying_role,                                        -- decides, influences, uses, blocks or unknown; mart.contact says why.
    lead.email,                                                 -- E-mail address.
    lead.phone,                                                 -- Phone.
    lead.company,                                               -- Company as written.
    lead.city,                                                  -- City as written.
    lead.country,                                               -- Country, ISO 3166-1 alpha-2.
    lead.channel,                                               -- Channel it came by.
    lead.campaign,                                              -- Campaign it came from.
    lead.noted_on,                                              -- Day it was taken down.
    works_for.organization_id,                                 -- Organization it works for.
    works_for.key as joined_by,                                -- What joined it to the organization.
    works_for.probability as joined_probability,               -- How sure that is, 0 to 1.
    organization.domain as organization_domain,                 -- Organization's domain.
    coalesce(organization.name, organization.listed_name) as organization_name,  -- Its name: its own, else the lists'.
    organization.industry as organization_industry,             -- Its industry.
    organization.employees as organization_employees,           -- Its size.
    organization.city as organization_city,                     -- Its city.
    organization.country as organization_country,               -- Its country.
    organization.phone as organization_phone,                   -- Its phone.
    organization.linkedin as organization_linkedin,             -- Its LinkedIn page.
    organization.description as organization_description,       -- What it says it does.
    fit.ring,                                                   -- How far in it got.
    fit.fit,                                                    -- Who they are, 0 to 100.
    fit.fit_band,                                               -- strong, fair, weak, provisional or unknown.
    fit.readiness,                                              -- Problem and commitment, 0 to 100.
    fit.reach,                                                  -- Can we contact the right role, 0 to 100.
    fit.coverage,                                               -- Share of rule weight answered.
    array_to_string(fit.reasons[1:3], ' · ') as why,            -- The three heaviest reasons.
    message.promise_id as promise,                              -- Promise it would recognise.
    message.message,                                            -- What to say.
    next_step.ask as next_question,                             -- What to ask to move it one ring in.
    route.action as route,                                      -- sell, nurture, research, repeat_sale or leave_alone.
    route.channel as route_channel,                             -- Sales channel.
    route.owner as route_owner,                                 -- Who gets it.
    route.due_on,                                               -- Until when.
    route.play,                                                 -- What they do with it.
    route.because as route_because,                             -- Why this route.
    nullif(concat_ws(' · ',
        if(lower(lead.company) <> lower(organization_name),
            'company: list says ' || lead.company || ', we say ' || organization_name, null),
        if(lower(lead.city) <> lower(organization.city),
            'city: list says ' || lead.city || ', we say ' || organization.city, null),
        if(lead.country <> organization.country,
            'country: list says ' || lead.country || ', we say ' || organization.country, null),
        if(lead.phone <> organization.phone,
            'phone: list says ' || lead.phone || ', we say ' || organization.phone, null)
    ), '') as differs_from_lead_list                            -- Our values that differ from the lead list's.
from core.lead
join core.works_for using (lead_id)
join mart.organization using (organization_id)
join mart.fit using (organization_id)
join mart.message using (organization_id)
left join mart.route using (lead_id)
left join next_step using (organization_id)
left join core.contact using (lead_id)
