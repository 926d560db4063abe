-- A lead as CRMs want it: what the lead list brought stands; its organization fills only what is missing.
-- An address is never put together from two: the organization's fills a lead's only where nothing the list brought contradicts it.
--
-- grain: lead_id
with compared as (
    select
        lead.*,
        listed.street,
        listed.region,
        listed.postcode,
        coalesce(lower(lead.city) = lower(organization.city), lead.city is null)
            and coalesce(lead.country = organization.country, lead.country is null) as same_city,
        coalesce(lower(listed.street) = lower(organization.street), listed.street is null)
            and coalesce(lower(listed.region) = lower(organization.region), listed.region is null)
            and coalesce(listed.postcode = organization.postcode, listed.postcode is null) as same_street
    from mart.lead
    semi join asked_lead using (lead_id)
    join mart.organization using (organization_id)
    left join mart.lead_as_listed as listed using (lead_id)
),
placed as (
    select *, same_city and same_street as same_place from compared
)
select
    placed.lead_id,                                                                 -- Lead.
    placed.organization_id,                                                         -- Organization it works for.
    placed.first_name,                                                              -- Given name.
    placed.last_name,                                                               -- Family name.
    placed.email,                                                                   -- E-mail address.
    placed.job_title,                                                               -- Job title.
    coalesce(placed.phone, organization.phone) as phone,                            -- Phone of the lead list, else the organization's.
    coalesce(placed.street, if(same_place, organization.street, null)) as street,   -- Street address of the lead list, else the organization's.
    coalesce(placed.city, if(same_place, organization.city, null)) as city,         -- City of the lead list, else the organization's.
    coalesce(placed.region, if(same_place, organization.region, null)) as region,   -- State or region of the lead list, else the organization's.
    coalesce(placed.postcode, if(same_place, organization.postcode, null)) as postcode,  -- Postal code of the lead list, else the organization's.
    coalesce(placed.country, if(same_city, organization.country, null)) as country, -- Country of the lead list, else the organization's.
    placed.list,                                                                    -- Lead list it came in.
    placed.channel,                                                                 -- Channel it came by.
    placed.campaign,                                                                -- Campaign it came from.
    placed.differs_from_lead_list                                                   -- Our values that differ from the lead list's.
from placed
join organization using (organization_id)
