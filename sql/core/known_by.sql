-- What the lists give to recognise each organization by: what its website is looked for with, and held against.
--
-- grain: organization_id
select
    organization.organization_id,                                               -- Organization.
    organization.domain,                                                        -- Registrable domain; null when only a name is known.
    organization.listed_name as name,                                           -- Name most of its leads give.
    organization.country,                                                       -- Country, ISO 3166-1 alpha-2.
    list_sort(list_distinct(list(lead.company))) as names,                      -- Every name its leads give.
    list_sort(list_distinct(list(lead.city))) as cities,                        -- Every city.
    list_sort(list_distinct(list(lead.phone))) as phones,                       -- Every phone.
    list_sort(list_distinct(list(lead.email_domain))) as mail_domains,          -- Every domain of a work address.
    list_sort(list_distinct(flatten(list(list_transform(
        regexp_extract_all(lower(concat_ws(' ', lead.linkedin, lead.extra)), 'linkedin\.com/company/([^/?#"\\\s]+)', 1),
        lambda slug: 'https://www.linkedin.com/company/' || slug
    ))))) as profiles                                                           -- LinkedIn company pages.
from core.organization
join core.membership using (organization_id)
join core.lead using (lead_id)
group by all
