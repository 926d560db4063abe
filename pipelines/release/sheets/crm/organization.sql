-- An organization as CRMs want it: its own values where it states them, else what the lead lists agree on.
--
-- grain: organization_id
with brought as (
    select
        organization_id,
        list_sort(list_distinct(list(city))) as cities,
        list_sort(list_distinct(list(country))) as countries,
        list_sort(list_distinct(list(phone) filter (where coalesce(first_name, last_name, email) is null))) as phones,
        arg_min(struct_pack(
            next_question, route, route_channel, route_owner, due_on, play, route_because
        ), lead_id) as first_lead
    from mart.lead
    semi join asked_organization using (organization_id)
    group by organization_id
)
select
    organization.organization_id,                                                           -- Organization.
    coalesce(organization.name, organization.listed_name, organization.domain) as name,     -- Its name: its own, else the lists', else its domain.
    organization.domain,                                                                    -- Registrable domain.
    nullif(array_to_string(list_filter(organization.listed_domains, lambda each: each <> organization.domain), '; '), '')
        as additional_domains,                                                              -- Other domains the lists give it, joined by "; "; none where its own is not known.
    'https://' || organization.domain as website,                                           -- Its website.
    left(organization.industry, 2) as sector,                                               -- First two digits of its NAICS sector.
    organization.employees,                                                                 -- People it says it employs, a number.
    organization.revenue,                                                                   -- Revenue of its last full year, in US dollars, a number.
    coalesce(organization.phone, if(len(brought.phones) = 1, brought.phones[1], null)) as phone,     -- Main phone.
    organization.street,                                                                    -- Street address.
    coalesce(organization.city, if(len(brought.cities) = 1, brought.cities[1], null)) as city,       -- City.
    organization.region,                                                                    -- State or region.
    organization.postcode,                                                                  -- Postal code.
    coalesce(organization.country, if(len(brought.countries) = 1, brought.countries[1], null)) as country,  -- Country, ISO 3166-1 alpha-2.
    organization.description,                                                               -- What it says it does.
    organization.founded_year,                                                              -- Year it was founded.
    organization.linkedin,                                                                  -- LinkedIn company page.
    fit.ring as segment,                                                                    -- Ring it is in.
    cast(round(fit.fit) as integer) as score,                                               -- Fit, 0 to 100, whole; empty when unknown.
    fit.readiness,                                                                          -- Readiness, 0 to 100.
    fit.reach,                                                                              -- Reach, 0 to 100.
    fit.coverage,                                                                           -- Share of rule weight answered, 0 to 1.
    message.promise,                                                                        -- Promise it would recognise.
    message.message,                                                                        -- What to say.
    brought.first_lead,                                                                     -- Route and next question, the same for all of its leads.
    nullif(concat_ws(' · ',
        if(lower(organization.name) <> lower(organization.listed_name),
            'company: list says ' || organization.listed_name || ', we say ' || organization.name, null),
        if(len(list_filter(brought.cities, lambda city: lower(city) <> lower(organization.city))) > 0,
            'city: list says ' || array_to_string(brought.cities, ', ') || ', we say ' || organization.city, null),
        if(len(list_filter(brought.countries, lambda country: country <> organization.country)) > 0,
            'country: list says ' || array_to_string(brought.countries, ', ') || ', we say ' || organization.country, null),
        if(len(list_filter(brought.phones, lambda phone: phone <> organization.phone)) > 0,
            'phone: list says ' || array_to_string(brought.phones, ', ') || ', we say ' || organization.phone, null)
    ), '') as differs_from_lead_list                                                        -- Our values that differ from the lead lists'.
from mart.organization
semi join asked_organization using (organization_id)
join mart.fit using (organization_id)
join mart.message using (organization_id)
left join brought using (organization_id)
