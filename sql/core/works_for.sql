-- Which organization each lead works for in the end: its membership, carried on to the survivor where organizations were joined.
--
-- grain: lead_id
-- expect: references(organization_id, core.survivor.organization_id)
-- expect: between(probability, 0, 1)
select
    membership.lead_id,                                                                     -- Lead.
    coalesce(merger.into_organization_id, membership.organization_id) as organization_id,   -- Organization it works for.
    coalesce(merger.rule, membership.key) as key,                                           -- What joined them: membership's key, else the rule of the merger.
    membership.key_value,                                                                   -- The domain or name they have in common.
    membership.probability * coalesce(merger.probability, 1) as probability,                -- How sure that is, 0 to 1.
    membership.organization_id as listed_organization_id                                    -- Organization that intake made of it.
from core.membership
left join core.merger using (organization_id)
