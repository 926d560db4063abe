-- The ways to reach the right role at each organization: open, closed, or unknown while its website was not read.
-- A person in a buying role is one who decides or influences (core.contact).
--
-- grain: organization_id, way
with contacts as (
    select
        contact.organization_id,
        bool_or(contact.buying_role in ('decides', 'influences')) as person_in_buying_role,
        bool_or(lead.email_domain is not null) as work_email,
        bool_or(lead.phone is not null) as direct_phone
    from core.contact
    join core.lead using (lead_id)
    group by contact.organization_id
),
stated as (
    select
        organization_id,
        max(value) filter (where property = 'mailbox') as mailbox,
        max(value) filter (where property = 'phone') as phone,
        flatten(list(fact_ids) filter (where property = 'mailbox')) as mailbox_facts,
        flatten(list(fact_ids) filter (where property = 'phone')) as phone_facts
    from core.profile
    where property in ('mailbox', 'phone')
    group by organization_id
),
known as (
    select
        organization.organization_id,
        way.way,
        way.points,
        case way.way
            when 'person_in_buying_role' then coalesce(contacts.person_in_buying_role, false)
            when 'work_email' then coalesce(contacts.work_email, false)
            when 'direct_phone' then coalesce(contacts.direct_phone, false)
            when 'role_mailbox' then case when stated.mailbox is not null then true when reading.enough then false end
            else case when stated.phone is not null then true when reading.enough then false end
        end as is_open,
        case way.way
            when 'role_mailbox' then stated.mailbox_facts
            when 'switchboard' then stated.phone_facts
        end as fact_ids
    from core.survivor as organization
    cross join raw.icp_reach as way
    join core.reading using (organization_id)
    left join contacts using (organization_id)
    left join stated using (organization_id)
)
select
    organization_id,                                                        -- Organization.
    way,                                                                    -- Way to reach it.
    case when is_open then 'yes' when not is_open then 'no' else 'unknown' end as verdict, -- yes, no or unknown.
    if(is_open, points, 0) as points,                                       -- Points of 100.
    points as weight,                                                       -- What a yes is worth.
    coalesce(fact_ids, []) as fact_ids                                      -- Facts behind it; empty where the lead list says it.
from known
