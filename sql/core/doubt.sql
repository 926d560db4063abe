-- What resolution is not sure of: names alike enough to ask, rows that name two domains, domains that strangers share.
--
-- What a person decided is asked no more.
--
-- grain: question, left_id, right_id
-- expect: in_set(question, one organization?, which domain?, whose domain?)
with alike as (
    select left_id, right_id, left_name, right_name, probability, verdict = 'joined' as is_joined, agrees, disagrees, because
    from core.link
    where verdict = 'review' or verdict = 'joined' and key = 'linked'
),
two_domains as (
    select
        make_id('org', 'domain', lead.domain) as left_id,
        make_id('org', 'domain', lead.email_domain) as right_id,
        lead.domain,
        lead.email_domain,
        min(lead.company) as company,
        count(*) as leads
    from core.lead
    join core.tie using (lead_id)
    where lead.domain <> lead.email_domain and tie.domain = lead.domain
    group by all
),
undecided as (
    select two_domains.*
    from two_domains
    anti join core.link
        on link.left_id = least(two_domains.left_id, two_domains.right_id)
        and link.right_id = greatest(two_domains.left_id, two_domains.right_id)
        and (link.key = 'decided' or link.verdict = 'apart')
)
select
    question,               -- one organization?, which domain? or whose domain?
    left_id,                -- One organization, before anything was joined.
    right_id,               -- The other; of a shared domain, the same.
    left_name,              -- Name of the one, as compared.
    right_name,             -- Name of the other, or some of the names under a shared domain.
    probability,            -- How sure it is that both are one, 0 to 1; null where nothing was compared.
    is_joined,              -- Whether they are one organization in this release.
    agrees,                 -- What agrees.
    disagrees,              -- What does not.
    because                 -- Why it is as it is.
from (
    select 'one organization?' as question, * from alike
    union all by name
    select
        'which domain?' as question,
        left_id,
        right_id,
        coalesce(company, domain) as left_name,
        email_domain as right_name,
        false as is_joined,
        '' as agrees,
        format('website {}, e-mail address {}', domain, email_domain) as disagrees,
        format('the website decides for {} of its leads', leads) as because
    from undecided
    union all by name
    select
        'whose domain?' as question,
        make_id('org', 'domain', domain) as left_id,
        make_id('org', 'domain', domain) as right_id,
        domain as left_name,
        array_to_string(examples, ', ') as right_name,
        false as is_joined,
        '' as agrees,
        format('{} names that have nothing in common', strangers) as disagrees,
        'leads whose company does not go by the domain are told by name and place' as because
    from core.shared_domain
) as doubts
