-- What resolution is not sure of, for a person to decide in settings.yaml (`resolution`): the likeliest first, with what to do.
--
-- Two organizations whose names are alike enough to ask, joined or not; leads whose website and e-mail address name two domains; and
-- domains under which many strangers stand. What settings.yaml decides is asked no more.
--
-- grain: question, left_id, right_id
-- expect: between(probability, 0, 1)
select
    doubt.question,                                                     -- one organization?, which domain? or whose domain?
    doubt.probability,  -- How sure it is that both are one, 0 to 1; null where nothing was compared.
    doubt.is_joined,                                                    -- Whether they are one organization in this release.
    doubt.left_name,                                                    -- Name of the one.
    one.domain as left_domain,                                          -- Its domain.
    concat_ws(', ', one.places[1], one.countries[1]) as left_place,     -- Its first city and country.
    doubt.right_name,                                                   -- Name of the other, or some of the names under a shared domain.
    other.domain as right_domain,                                       -- Its domain.
    concat_ws(', ', other.places[1], other.countries[1]) as right_place, -- Its first city and country.
    doubt.agrees,                                                       -- What agrees.
    doubt.disagrees,                                                    -- What does not.
    doubt.because,                                                      -- Why it is as it is.
    case
        when doubt.question = 'whose domain?'
            then 'Look at the website; if it is not theirs, take it out of the rows of the list.'
        when doubt.is_joined
            then format('If they are two, add [{}, {}] to resolution.apart in settings.yaml.', doubt.left_id, doubt.right_id)
        else format(
            'If they are one, add [{}, {}] to resolution.same in settings.yaml, else to resolution.apart.',
            doubt.left_id,
            doubt.right_id
        )
    end as what_to_do,                                                  -- What to do about it.
    doubt.left_id,                                                      -- Id of the one, as it is before anything is joined.
    doubt.right_id                                                      -- Id of the other.
from core.doubt
left join core.candidate as one on one.candidate_id = doubt.left_id
left join core.candidate as other on other.candidate_id = doubt.right_id
