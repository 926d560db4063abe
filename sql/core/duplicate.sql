-- Sightings that are no lead of their own, because an earlier one is the same: the twin.
--
-- Two sightings are the same when they share their identity or every raw field. The earliest is the lead: by the day its list was
-- received, then by the list's name and the row's place in it. Only what stands there more than once is looked at closely; hashes
-- find it in little memory.
--
-- grain: row_id
-- expect: references(row_id, raw.lead_row.row_id)
-- expect: references(twin_lead_id, core.lead.lead_id)
-- expect: in_set(because, same row, same e-mail, same person and company, same website, same company and place)
with repeated as (
    select hash(identity) as mark from core.sighting group by all having count(*) > 1
    union all
    select hash(lead_id) from core.sighting group by all having count(*) > 1
),
same as (
    select
        row_id,
        list_id,
        row_number,
        lead_id,
        identity,
        min(identity) over (partition by lead_id) as who
    from core.sighting
    where hash(identity) in (select mark from repeated) or hash(lead_id) in (select mark from repeated)
),
placed as (
    select
        same.row_id,
        same.list_id,
        same.row_number,
        same.lead_id,
        split_part(same.identity, chr(31), 1) as identified_by,
        first_value(same.row_id) over earliest as first_row_id,
        first_value(same.lead_id) over earliest as twin_lead_id
    from same
    join raw.lead_list using (list_id)
    window earliest as (
        partition by same.who
        order by lead_list.received_on, lead_list.name, same.list_id, same.row_number
    )
)
select
    row_id,                                 -- Row that is a duplicate.
    list_id,                                -- List it stands in.
    row_number,                             -- Position in the list.
    twin_lead_id,                           -- Lead it is the same as.
    case
        when lead_id = twin_lead_id then 'same row'
        when identified_by = 'email' then 'same e-mail'
        when identified_by = 'person' then 'same person and company'
        when identified_by = 'domain' then 'same website'
        else 'same company and place'
    end as because                          -- What makes them the same.
from placed
where row_id <> first_row_id
