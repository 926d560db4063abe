-- A lead as CRMs want it: what the lead list brought stands; its organization fills only what is missing.
-- An address is never put together from two: street, region and postal code come only with the organization's own city.
--
-- grain: lead_id
with placed as (
    select
        lead.*,
        coalesce(lower(lead.city) = lower(organization.city), lead.city is null)
            and coalesce(lead.country = organization.country, lead.country is null) as same_place
    from mart.lead
    join mart.organization using (organization_id)
)
select
    placed.lead_id,                                                                 -- Lead.
    placed.organization_id,                                                         -- Organization it works for.
    placed.first_name,                                                              -- Given name.
    placed.last_name,                                                               -- Family name.
    placed.email,                                                                   -- E-mail address.
    placed.job_title,                                                               -- Job title.
    coalesce(placed.phone, organization.phone) as phone,                            -- Phone of the lead list, else the organization's.
    if(same_place, organization.street, null) as street,                            -- Street address.
    if(same_place, coalesce(placed.city, organization.city), placed.city) as city,  -- City of the lead list, else the organization's.
    if(same_place, organization.region, null) as region,                            -- State or region.
    if(same_place, organization.postcode, null) as postcode,                        -- Postal code.
    if(same_place, coalesce(placed.country, organization.country), placed.country) as country,  -- Country of the lead list, else the organization's.
    placed.list,                                                                    -- Lead list it came in.
    placed.channel,                                                                 -- Channel it came by.
    placed.campaign,                                                                -- Campaign it came from.
    placed.differs_from_lead_list                                                   -- Our values that differ from the lead list's.
from placed
join organization using (organization_id)
