-- Claims that lost: values of a property that can have only one, beside the value that won and why it did. Two spellings of one value
-- are no conflict, but one claim.
--
-- The reason is what differs most in the winner's favour: how many sources say so, how far the best is trusted, how sure it was read,
-- how fresh it is; where none of these does, several readers agree; where the support is the same, it was seen later.
--
-- grain: organization_id, property, value
-- expect: not_null(because)
with pair as (
    select
        lost.organization_id, lost.property, lost.value, profile.value as won, lost.support, profile.support as won_support,
        lost.fact_ids, lost.observed_at, profile.observed_at as won_observed_at,
        won.voices / lost.voices as more, won.best.trust / nullif(lost.best.trust, 0) as trusted,
        won.best.confidence / nullif(lost.best.confidence, 0) as clearer, won.best.freshness / nullif(lost.best.freshness, 0) as fresher,
        greatest(more, trusted, clearer, fresher) as most,
        lost.best.source as source, won.best.source as won_source, won.voices as won_voices, lost.voices
    from core.claim as lost
    join raw.property on property.name = lost.property and not property.many
    join core.profile using (organization_id, property)
    join core.claim as won on won.organization_id = lost.organization_id and won.property = lost.property and won.value = profile.value
    where lost.value <> profile.value
)
select
    organization_id,                    -- Organization.
    property,                           -- Property.
    value,                              -- Value that lost.
    won,                                -- Value that won.
    support,                            -- Support of the value that lost.
    won_support,                        -- Support of the value that won.
    case
        when won_support <= support and won_observed_at > observed_at then 'equally supported, and seen later'
        when won_support <= support then 'equally supported and as new: the first in the alphabet'
        when more > 1 and more = most then won_voices || ' sources say so, against ' || voices
        when trusted > 1 and trusted = most then won_source || ' is trusted more than ' || source
        when clearer > 1 and clearer = most then 'it was read more surely'
        when fresher > 1 and fresher = most then 'it was said more lately'
        else 'more readers agree on it'
    end as because,                     -- Why the other won.
    fact_ids                            -- Facts that say the value that lost.
from pair
