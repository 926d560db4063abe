-- What changed of an organization between two captures of a page, both of them read: what stood there before, what stands there since.
--
-- A number went from one value to another. A text that can be only one became another. Of what can be several, one appeared or went.
-- The organization's other pages are heard, too: what one of them said before the earlier capture has not appeared, and what one
-- still says has not gone. What several pages say is told once: it appears on the first of them and goes with the last.
--
-- grain: change_id
-- expect: in_set(kind, rose, fell, became, appeared, went)
-- expect: not_null(changed_on, fact_ids)
with heard as (
    select organization_id, property, key, min(observed_at) as first_said, bool_or(stands) as stands
    from core.utterance
    group by all
),
told as (
    select
        difference.*, comparison.organization_id, url, last_seen, first_seen,
        case
            when new is null then 'went'
            when old is null then 'appeared'
            when type <> 'number' then 'became'
            when try_cast(new.value as double) > try_cast(old.value as double) then 'rose'
            else 'fell'
        end as kind
    from core.difference
    join core.comparison using (request_id, capture_id)
    left join heard using (organization_id, property, key)
    where type = 'number' or if(new is null, tells_what_went and not stands, (old is not null or tells_what_came) and first_said > before_at)
),
first as (
    select *
    from told
    qualify type = 'number' or row_number() over (
        partition by organization_id, property, key, kind
        order by epoch(first_seen) * if(kind = 'went', -1, 1), request_id, capture_id
    ) = 1
)
select
    make_id('change', coalesce(old.fact_id, ''), coalesce(new.fact_id, ''), request_id) as change_id,  -- Hash of the facts on both sides.
    organization_id,                                                        -- Organization.
    property,                                                               -- What changed.
    kind,                                                                   -- rose, fell, became, appeared or went.
    old.value as before,                                                    -- What it was; null where it appeared.
    new.value as after,                                                     -- What it became; null where it went.
    replace(property, '_', ' ') || ' ' || case
        when kind in ('appeared', 'went') then kind || ': ' || replace(coalesce(new.value, old.value), '_', ' ')
        else format('{} from {} to {}', if(kind = 'became', 'changed', kind), old.value, new.value)
    end as says,                                                            -- The same in words: what a signal listens to.
    last_seen,                                                              -- When the page last said what was before, UTC.
    first_seen,                                                             -- When it was first seen to say otherwise, UTC.
    cast(first_seen as date) as changed_on,                                 -- The day of that: it changed then at the latest.
    url,                                                                    -- The page.
    old.quote as before_quote,                                              -- What stood there before.
    new.quote as after_quote,                                               -- What stands there since.
    list_filter([new.fact_id, old.fact_id], lambda fact_id: fact_id is not null) as fact_ids    -- Facts on both sides, the later first.
from first
