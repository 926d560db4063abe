-- What was asked of the organizations of one partition and answered: raw.capture of a made-up market. Eight of ten were read, one to seven
-- pages each; of every tenth home and careers page an earlier capture is kept, half a year old.
with organization as (
    select organization_id, coalesce(domain, organization_id || '.example') as domain
    from core.organization
    where cast('0x' || left(sha256(organization_id), 8) as ubigint) % getvariable('partitions') = getvariable('partition')
),
page as (
    select organization_id, domain, 'website' as source, kind, chance(organization_id, kind) as luck
    from organization
    join (
        select unnest(['home', 'about', 'careers', 'contact', 'product', 'pricing', 'news']) as kind, unnest(range(7)) as place
    ) as pages on chance(organization_id, 'read') % 100 < 82 and place <= chance(organization_id, 'pages') % 7
    union all
    select organization_id, domain, source, source, chance(organization_id, source)
    from organization
    join (values ('dns', 70), ('robots', 50), ('sitemap', 25), ('feeds', 12), ('wikidata', 10), ('gleif', 10), ('greenhouse', 8))
        as asked (source, share) on chance(organization_id, source) % 100 < share
),
seen as (
    select *, 0 as days from page
    union all
    select *, 180 from page where kind in ('home', 'careers') and luck // 7 % 10 = 0
)
select
    format('cap_{:016x}', chance(organization_id, kind, days)) as capture_id,
    format('req_{:016x}', chance(organization_id, kind)) as request_id,
    organization_id,
    source,
    kind,
    format('https://{}/{}', domain, kind) as url,
    200::integer as status,
    'text/html; charset=utf-8' as content_type,
    timestamp '2026-11-15' - to_days(cast(luck % 40 + days as integer)) as fetched_at,
    fetched_at as checked_at,
    'sha256:' || sha256(capture_id) as digest,
    (3000 + luck % 90000)::bigint as length,
    'part-000.warc.gz' as file,
    (luck % 1000000000)::bigint as "offset",
    case when source <> 'website' then 'read' when luck // 11 % 100 < 93 then 'read' when luck // 11 % 100 < 97 then 'needs_browser' else 'soft_404' end
        as state,
    (120 + luck // 13 % 900)::integer as words,
    '' as headers
from seen
order by request_id, capture_id
