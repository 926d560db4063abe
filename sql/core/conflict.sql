-- Claims that lost: values of a property that can have only one, beside the value that won and why it did. The best supported wins, of
-- equals the one seen last, then the first in the alphabet. Two spellings of one value are no conflict, but one claim.
--
-- The reason is what differs most in the winner's favour: how many sources say so, how far the best is trusted, how sure it was read,
-- how fresh it is; where none of these does, several readers agree; where the support is the same, it was seen later.
--
-- grain: organization_id, property, value
-- expect: not_null(because)
with disputed as (
    select organization_id, property
    from core.claim
    where not many
    group by organization_id, property
    having count(*) > 1
),
ranked as (
    select *, row_number() over (partition by organization_id, property order by support desc, observed_at desc, value) as place
    from core.claim
    semi join disputed using (organization_id, property)
),
pair as (
    select
        lost.*, won.value as won, won.support as won_support, won.observed_at as won_observed_at, won.source as won_source, won.voices as won_voices,
        won.voices / lost.voices as more, won.trust / nullif(lost.trust, 0) as trusted, won.confidence / nullif(lost.confidence, 0) as clearer,
        won.freshness / nullif(lost.freshness, 0) as fresher, greatest(more, trusted, clearer, fresher) as most
    from ranked as lost
    join ranked as won on won.organization_id = lost.organization_id and won.property = lost.property and won.place = 1
    where lost.place > 1
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
