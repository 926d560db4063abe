-- Which captures are compared with one another: of each request, every capture that was read beside the one read before it, as far back
-- as captures are kept for that. What was not read (a wall, a page that needs a browser, another shape) is passed over: it says nothing,
-- so nothing has changed by it. Two captures that answered from different addresses are not compared either.
--
-- Where the later page has less than half the words of the earlier, or the earlier less than a quarter of the later's, the one is
-- taken for a part of the page only: what is missing in a part is unknown.
--
-- grain: request_id, capture_id
-- expect: not_null(before_id)
with read as (
    select
        *,
        row_number() over (partition by request_id order by fetched_at desc, capture_id desc) as age,
        lag(struct_pack(capture_id, url, fetched_at, checked_at, words)) over (partition by request_id order by fetched_at, capture_id) as before
    from raw.capture
    where state = 'read'
)
select
    coalesce(merger.into_organization_id, read.organization_id) as organization_id,     -- Organization it was asked for.
    read.request_id,                                                                    -- Request.
    read.kind,                                                                          -- What for: home, careers …
    read.url,                                                                           -- Where it stands on the web.
    read.before.capture_id as before_id,                                                -- Capture before.
    read.capture_id,                                                                    -- Capture compared with it.
    read.before.fetched_at as before_at,                                                -- When the one before was fetched, UTC.
    greatest(read.before.checked_at, read.before.fetched_at) as last_seen,              -- When that was last confirmed, UTC.
    read.fetched_at as first_seen,                                                      -- When the other was fetched, UTC.
    read.words * 2 >= read.before.words as tells_what_went,                             -- Whether what is missing in the later one is gone.
    read.before.words * 4 >= read.words as tells_what_came                              -- Whether what is missing in the earlier one is new.
from read
cross join raw.run
left join core.merger using (organization_id)
where read.before is not null and read.age <= run.earlier_captures
    and web_key(read.url) = web_key(read.before.url) and read.before.capture_id <> read.capture_id
