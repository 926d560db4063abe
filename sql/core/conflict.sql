-- Claims that lost: values of a property that can have only one, beside the value that won.
--
-- grain: organization_id, property, value
select
    claim.organization_id,              -- Organization.
    claim.property,                     -- Property.
    claim.value,                        -- Value that lost.
    profile.value as won,               -- Value that won.
    claim.support,                      -- Support of the value that lost.
    profile.support as won_support,     -- Support of the value that won.
    claim.fact_ids                      -- Facts that say the value that lost.
from core.claim
join raw.property on property.name = claim.property and not property.many
join core.profile using (organization_id, property)
where claim.value <> profile.value
