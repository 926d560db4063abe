-- What CRMs call how far in an organization is. Unknown is not low: an organization nobody could read is a plain lead.
--
-- grain: organization_id
select
    organization.organization_id,                                                   -- Organization.
    case
        when organization.standing = 'customer' then 'customer'
        when organization.standing <> 'prospect' then 'other'
        when fit.ring in ('problem', 'bullseye') then 'salesqualifiedlead'
        when fit.ring in ('profile', 'persona') then 'marketingqualifiedlead'
        else 'lead'
    end as lifecycle_stage,                                                         -- HubSpot: customer, other (competitors, partners), or by ring.
    if(organization.standing in ('prospect', 'competitor') and fit.ring = 'outside', 'UNQUALIFIED', null)
        as lead_status,                                                             -- HubSpot: only who is outside; all else stays as sales has it.
    case
        when organization.standing <> 'prospect' or fit.ring = 'unknown' then null
        when fit.ring in ('problem', 'bullseye') then 'Hot'
        when fit.ring in ('profile', 'persona') then 'Warm'
        else 'Cold'
    end as rating                                                                   -- Salesforce: Hot, Warm, Cold; empty when unknown or no prospect.
from mart.organization
semi join asked_organization using (organization_id)
join mart.fit using (organization_id)
