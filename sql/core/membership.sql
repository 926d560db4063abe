-- Which organization each lead works for, by which key, and how sure that is.
--
-- What a row says of its company ties it to a candidate (core.tie); candidates that are one organization are joined (core.cluster).
-- The probabilities of names are shares of pairs found right, counted by `make bench-resolution` on lists that name websites as well;
-- those of a website and an e-mail domain are set.
--
-- grain: lead_id
-- expect: not_null(organization_id, key_value)
-- expect: in_set(key, website, email domain, name and place, name, linked, decided)
-- expect: between(probability, 0, 1)
-- expect: references(lead_id, core.lead.lead_id)
select
    tie.lead_id,                                                        -- Lead.
    coalesce(cluster.organization_id, tie.candidate_id) as organization_id, -- Organization it works for.
    coalesce(cluster.key, tie.key) as key,                              -- What joined them, the weakest if several did.
    coalesce(cluster.key_value, tie.key_value) as key_value,            -- The domain, or the names, they have in common.
    coalesce(cluster.probability, cast(case tie.key
        when 'website' then 1.0
        when 'email domain' then 0.95
        when 'name and place' then 0.99
        else 0.95
    end as double)) as probability                                      -- How sure the membership is, 0 to 1.
from core.tie
left join core.cluster using (candidate_id)
