-- Requests are captures plus misses: nothing that was asked is without an answer or a reason.
--
-- grain: source
-- expect: between(lost, 0, 0)
select
    request.source,                                                                             -- Source.
    count(*) as requests,                                                                       -- Requests made.
    count(*) filter (where capture.request_id is not null) as captured,                         -- Requests with a capture.
    count(*) filter (where capture.request_id is null and miss.request_id is not null) as missed,  -- Requests with a reason instead.
    count(*) filter (where capture.request_id is null and miss.request_id is null) as lost      -- Must be 0.
from raw.request
left join (select distinct request_id from raw.capture) as capture using (request_id)
left join raw.miss using (request_id)
group by request.source
