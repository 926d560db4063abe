-- Domains that no one company can own, since many companies with nothing in common in their names stand under them: an agency's, a
-- directory's, an office building's. A lead of such a domain whose company does not go by the domain's name is not joined by it.
--
-- Five unrelated names are enough, if they are more than those that do go by the domain. A word that begins several names counts
-- once, so that a group with all its companies under one domain keeps it.
--
-- grain: domain
with named as (
    select domain, company_key from core.lead where domain is not null and company_key is not null
    union
    select email_domain, company_key from core.lead where email_domain is not null and company_key is not null
),
told as (
    select
        domain,
        company_key,
        goes_by(company_key, domain) as is_own,
        split_part(company_key, ' ', 1) as first_word
    from named
)
select
    domain,                                                                     -- Registrable domain.
    count(distinct first_word) filter (where not is_own) as strangers,          -- Names under it that neither go by it nor begin alike.
    count(*) filter (where is_own) as own_names,                                -- Names under it that go by it.
    list_sort(list(company_key) filter (where not is_own))[:10] as examples     -- Up to ten of the strangers.
from told
group by domain
having count(distinct first_word) filter (where not is_own) >= 5
    and count(distinct first_word) filter (where not is_own) > count(*) filter (where is_own)
