-- What the captures of one partition say: core.fact of a made-up market, the same every time. shape.tsv has the shares of properties that
-- examples/ and the AI-50 run have: on which kind of capture, how many slots, how often each is filled, with which words.
--
-- In words, {} stands for the listed name, @ for the domain, # for a number below `spread`, * for the kind of page. An organization says
-- the same on all its pages, but for one value in ten, which is the page's own and contradicts the others.
with picked as (
    select
        capture.* exclude (words), listed_name, domain, property, reader, spread, dated, string_split(shape.words, '|') as choices,
        chance(organization_id, property, slot, if(chance(capture_id, property, slot, 'own') % 10 = 0, capture_id, '')) as pick
    from capture
    join core.organization using (organization_id)
    join (select *, unnest(range(slots)) as slot from shape) as shape
        on if(kinds is null, capture.source = 'website', capture.kind = kinds)
        and chance(capture_id, property, shape.reader, slot) % 100 < share
    where state = 'read'
),
said as (
    select distinct
        capture_id, organization_id, property, source, reader, url, fetched_at, dated,
        replace(replace(replace(replace(choices[1 + pick % len(choices)], '{}', listed_name), '@', coalesce(domain, organization_id || '.example')),
            '#', cast(pick // 7 % spread as varchar)), '*', kind) as value
    from picked
),
quoted as (
    select *, chance(capture_id, property, reader, value) as luck from said
)
select
    format('fact_{:016x}', luck) as fact_id,
    organization_id,
    property,
    value,
    source,
    reader,
    capture_id,
    url,
    format('html:nth-of-type(1) > body:nth-of-type(1) > main:nth-of-type(1) > div:nth-of-type({}) > p:nth-of-type({})', luck % 7, luck % 31)
        as locator,
    ['So it stands here: ', 'For as long as we know: ', '', 'We say it gladly, and to everybody who asks: '][1 + luck % 4] || value as quote,
    fetched_at as observed_at,
    if(dated = 0, null, cast(fetched_at as date) - cast(luck % dated as integer)) as stated_on,
    [0.6, 0.7, 0.84, 0.85, 0.9, 0.95][1 + luck // 3 % 6] as confidence
from quoted
order by fact_id
