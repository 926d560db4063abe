-- The reasons as text for CRMs: all of them, up to 1,024 characters, cut between reasons and saying how many are left out.
--
-- grain: organization_id
with shown as (
    select
        organization_id,
        list_transform(reasons, lambda reason: left(ltrim(reason, '+'), 960)) as reasons
    from mart.fit
    semi join asked_organization using (organization_id)
),
fitting as (
    select
        *,
        if(
            length(array_to_string(reasons, ' · ')) <= 960,
            reasons,
            list_filter(reasons, lambda reason, place: length(array_to_string(reasons[1:place], ' · ')) <= 960)
        ) as first_reasons
    from shown
)
select
    organization_id,                                                    -- Organization.
    array_to_string(first_reasons, ' · ')
        || if(len(first_reasons) < len(reasons), ' · … and ' || (len(reasons) - len(first_reasons)) || ' more', '')
        as signals,                                                     -- All reasons, heaviest first, at most 1,024 characters.
    left(array_to_string(reasons[1:3], ' · '), 1024) as why             -- The three heaviest.
from fitting
