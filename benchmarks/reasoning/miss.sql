-- What was asked of the organizations of one partition and not answered: raw.miss of a made-up market.
select
    format('req_{:016x}', chance(organization_id, source)) as request_id,
    organization_id,
    source,
    source as kind,
    format('https://{}/{}', coalesce(domain, organization_id || '.example'), source) as url,
    'http_404' as reason,
    url || ' answered HTTP 404.' as sentence,
    timestamp '2026-11-15' as missed_at
from core.organization
cross join unnest(['security_txt', 'llms_txt', 'rdap']) as asked (source)
where cast('0x' || left(sha256(organization_id), 8) as ubigint) % getvariable('partitions') = getvariable('partition')
    and chance(organization_id, source) % 100 < 80
order by request_id
