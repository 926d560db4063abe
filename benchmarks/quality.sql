-- What benchmarks/quality.py promises of core.evidence, by hand: each query counts what breaks a promise.
select
    count(*) filter (where fact_id is null or organization_id is null or property is null or value is null or url is null) as nulls,
    count(*) filter (where property not in ('name', 'city', 'phone', 'industry', 'employees')) as strange_properties,
    count(*) filter (where not regexp_matches(url, '^https?://')) as strange_urls,
    count(*) filter (where not regexp_matches(fact_id, '^fact_[0-9a-f]{16}$')) as strange_ids,
    count(*) filter (where confidence < 0 or confidence > 1) as unsure,
    count(*) filter (where support < 0 or support > 1) as unsupported,
    count(*) filter (where observed_at < date '2025-01-01' or observed_at > date '2027-01-01') as out_of_time
from core.evidence;

select count(*) as repeated
from (
    select fact_id
    from core.evidence
    group by fact_id
    having count(*) > 1
);

select count(*) as dangling
from core.evidence
where not exists (
    select 1
    from core.organization
    where organization.organization_id = evidence.organization_id
);
