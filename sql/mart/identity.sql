-- What the web said of who is who, and what was made of it: organizations joined, websites that moved, were found by a name, or are
-- not what the lists say, parents, and what somebody should look at.
--
-- A finding is joined, moved, guessed and confirmed, guessed and not confirmed, for sale, somebody else's, leads elsewhere, parent, or
-- to review: a website whose pages give none of the listed names, or several companies of the lists under one website.
--
-- grain: organization_id, listed_organization_id, finding, other
-- expect: references(organization_id, mart.organization.organization_id)
-- expect: between(probability, 0, 1)
with finding as (
    select
        into_organization_id as organization_id, organization_id as listed_organization_id, 'joined' as finding,
        with_organization_id as other, rule, probability, fact_id
    from core.merger
    union all
    select
        organization_id, organization_id, if(standing = 'moved', 'moved', 'guessed and confirmed'),
        domain, if(standing = 'moved', 'its home page stands there', 'its pages give the name'), probability, website_fact_id
    from core.site
    where standing in ('moved', 'guessed')
    union all
    select
        organization_id, organization_id,
        case listed_standing when 'for_sale' then 'for sale' when 'somebody_elses' then 'somebody else''s' else 'leads elsewhere' end,
        coalesce(other_owner, listed_domain), 'its pages say so', 0.9, refused_fact_id
    from core.site
    where listed_standing is not null and listed_domain is not null
    union all
    select organization_id, organization_id, 'guessed and not confirmed', unnest(unconfirmed), 'its pages do not give the name, and enough beside it', null, null
    from core.site
    union all
    select organization_id, organization_id, 'parent', parent, 'its own word, or its parent''s', support, fact_ids[1]
    from core.parent
    union all
    select organization_id, organization_id, 'to review', other, rule, null, fact_id
    from core.oddity
)
select
    coalesce(merger.into_organization_id, finding.organization_id) as organization_id,  -- Organization it is about.
    finding.listed_organization_id,                                                     -- Organization as intake made it of the lists.
    site.listed_domain,                                                                 -- Domain the lists give for that.
    finding.finding,                                                                    -- What was found.
    finding.other,                                                                      -- The organization, domain, page or name it was found with.
    finding.rule,                                                                       -- By which rule.
    round(finding.probability, 2) as probability,                                       -- How sure, 0 to 1; null where nothing was decided.
    fact.quote,                                                                         -- What stands on the page.
    coalesce(fact.url, if(finding.finding = 'guessed and not confirmed', finding.other, site.home_url)) as url,  -- Where it stands.
    cast(coalesce(fact.observed_at, site.looked_at) as date) as seen_on,                -- When it was seen.
    finding.fact_id                                                                     -- Fact it rests on, in mart.fact.
from finding
join core.site on site.organization_id = finding.listed_organization_id
left join core.merger on merger.organization_id = finding.organization_id
left join core.fact on fact.fact_id = finding.fact_id
