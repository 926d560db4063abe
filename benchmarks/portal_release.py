"""A made-up release of any size, for measuring the page: rows are counted out by SQL into an otherwise empty warehouse.

Here: the rows. Every organization has one to three leads, a dozen reasons, one gap, a message and a few values with evidence, its
texts as long as those of the AI-50 run. Elsewhere: what is measured (`portal`).
"""

# ruff: noqa: S608 - the words are ours, and counted out

import json
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree

import duckdb

from pipelines.job import ROOT
from pipelines.portal.opened import QUALITY
from pipelines.release.manifest import DATABASE, MANIFEST
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

ID = "sha256('organization' || range)[:24]"
RING = """['unknown', 'outside', 'outside', 'market', 'market', 'market', 'profile', 'profile', 'persona', 'problem',
    'bullseye'][1 + range % 11]"""
COUNTRY = "['DE', 'AT', 'CH', 'FR', 'US', 'US', 'US', 'GB', 'NL', null][1 + range % 10]"
INDUSTRY = (
    "['51 Information', '52 Finance and Insurance', '54 Professional, Scientific and Technical Services', null][1 + range % 4]"
)
PROMISE = "['order', 'speed', null][1 + range % 3]"
SAID = """'We, workshop ' || range || ', keep the ledgers of small makers in order, so that nobody has to think of them before '
    || 'Friday, when the week is done.'"""
WHY = f"'+15.0 They keep books by hand, says “' || {SAID} || '”'"

ROWS: Mapping[str, str] = {
    "mart.organization": f"""
        select {ID} as organization_id, 'o' || range || '.example' as domain, 'o' || range || '.example' as website,
            'confirmed' as website_standing, ['o' || range || '.example'] as listed_domains, 'Workshop ' || range as listed_name,
            'prospect' as standing, 1 + range % 3 as leads, 'Workshop ' || range || ' Ltd' as name, {SAID} as description,
            {INDUSTRY} as industry, 0.8 as industry_confidence, 12 as employees, '10-49' as employee_band, {COUNTRY} as country,
            'Bremen' as city, '+4930' || (1000000 + range) as phone, 'read' as website_state, 5 as pages_read, 0 as misses,
            ['Linen', 'Copper'] as technologies, timestamp '2026-11-01' as last_read_at
        from range($1)""",
    "mart.fit": f"""
        select {ID} as organization_id, 'o' || range || '.example' as domain, 'ledgers' as icp, {RING} as ring,
            hash(range) % 1001 / 10 as fit, 'fair' as fit_band, hash(range + 1) % 1001 / 10 as readiness,
            hash(range + 2) % 1001 / 10 as reach, 0.6 as coverage, cast([] as varchar[]) as disqualifications,
            [{WHY}, {WHY}, {WHY}] as reasons
        from range($1)""",
    "mart.fit_by_icp": f"""
        select {ID} as organization_id, unnest(['ledgers', 'till']) as icp, 'Ledgers' as product, 'Workshops' as segment,
            unnest([1, 2]) as place, {RING} as ring, 50.0 as fit, cast([] as varchar[]) as disqualifications
        from range($1)""",
    "mart.message": f"""
        select {ID} as organization_id, if({PROMISE} is null, 'none fits', 'recognised') as verdict, {PROMISE} as promise_id,
            'Books pile up.' as concern, 'Books in order by Friday.' as promise, 'Your books, in order by Friday.' as message,
            [{PROMISE}] as promises, [{SAID}] as quotes, ['https://o' || range || '.example/'] as urls, ['f' || range] as fact_ids
        from range($1)""",
    "mart.gap": f"""
        select {ID} as organization_id, 'ledgers' as icp, {RING} as ring, 'bullseye' as next_ring, 'has-committed' as rule_id,
            'unknown' as verdict, 'Only who has committed buys.' as because, 'sales' as closes, 'By when?' as ask, 10 as weight
        from range($1)""",
    "mart.fit_reason": f"""
        select {ID} as organization_id, 'ledgers' as icp, 'fit' as figure, 'rule-' || place as rule_id, 'market' as ring,
            'should' as kind, 'yes' as verdict, 5.0 as points, 10 as weight, false as disqualifies, {SAID} as finding,
            'They keep books by hand.' as because, 0.8 as confidence, {SAID} as quote, 'https://o' || range || '.example/' as url,
            ['f' || range] as fact_ids
        from range($1), range(12) as rules (place)""",
    "mart.evidence": f"""
        select {ID} as organization_id, unnest(['name', 'country', 'city', 'phone']) as "column",
            unnest(['Workshop ' || range || ' Ltd', {COUNTRY}, 'Bremen', '+4930' || (1000000 + range)]) as value, {SAID} as quote,
            'https://o' || range || '.example/' as url, 'website' as source, timestamp '2026-11-01' as observed_at,
            'f' || range as fact_id
        from range($1)""",
    "mart.lead": f"""
        select sha256('lead' || range || '-' || place)[:24] as lead_id,
            ['fair.csv', 'form.csv', 'old.csv'][1 + range % 3] as list,
            'leads' as list_kind, range as row_number, 'Ada' as first_name, 'Quast ' || range as last_name,
            'Head bookkeeper' as job_title, 'finance' as job_function, 'head' as seniority, 'decides' as buying_role,
            'ada' || place || '@o' || range || '.example' as email, '+4930' || (1000000 + range) as phone,
            'WORKSHOP ' || range as company, 'Bremen' as city, {COUNTRY} as country,
            ['Trade fair', 'Website', null][1 + place] as channel, 'Autumn' as campaign, date '2026-10-01' as noted_on,
            {ID} as organization_id, 'domain' as joined_by, 1.0 as joined_probability,
            'o' || range || '.example' as organization_domain, 'Workshop ' || range || ' Ltd' as organization_name,
            {INDUSTRY} as organization_industry, 12 as organization_employees,
            'Wien' as organization_city, {COUNTRY} as organization_country, '+4930' || (1000000 + range) as organization_phone,
            {SAID} as organization_description, {RING} as ring, hash(range) % 1001 / 10 as fit, 'fair' as fit_band,
            hash(range + 1) % 1001 / 10 as readiness, hash(range + 2) % 1001 / 10 as reach, 0.6 as coverage,
            {WHY} || ' · ' || {WHY} as why, {PROMISE} as promise, 'Your books, in order by Friday.' as message,
            'By when?' as next_question, ['sell', 'nurture', 'leave_alone'][1 + range % 3] as route,
            'inside sales' as route_channel,
            ['kim@quiet-harbour.example', 'lee@quiet-harbour.example'][1 + range % 2] as route_owner, date '2026-12-01' as due_on,
            'Call.' as play, 'They have the problem.' as route_because,
            'city: list says Bremen, we say Wien' as differs_from_lead_list
        from range($1), range(3) as leads (place)
        where place <= range % 3""",
    "mart.route": """
        select lead_id, organization_id, 'route-' || route as route_id, route as action, route_channel as channel,
            route_owner as owner, due_on, play, route_because as because
        from mart.lead where $1 > 0""",
    "mart.source_health": """
        select 'website' as source, 'Its website.' as description, $1 as requests, $1 as answered, 0 as missed, $1 as facts,
            $1 as organizations, 'as expected' as shape, timestamp '2026-11-01' as last_capture_at""",
    "mart.lead_list": """
        select list as list_id, list as name, 'leads' as kind, count(*) as rows_in, count(*) as leads, 0 as duplicates,
            0 as rejected, 0 as suppressed, 0 as lost
        from mart.lead where $1 > 0 group by list""",
}
"""Table -> its rows, where `$1` is the number of organizations."""

AS_TABLE = """
    create table mart.kept as from mart.fit_reason limit 0;
    drop view mart.fit_reason;
    alter table mart.kept rename to fit_reason;
"""
"""What a release keeps as a table is a view in a warehouse, into which nothing can be put."""


def make_release(home: Path, organizations: int) -> Path:
    """Make a release of so many organizations the current one of `home`, without files that no page reads; return its folder."""
    rmtree(home, ignore_errors=True)
    release = home / "releases" / "made"
    release.mkdir(parents=True)
    tables, macros = read_tables(ROOT / "sql"), (ROOT / "sql" / "macros.sql").read_text("utf-8")
    with Warehouse(home / "warehouse.duckdb", tables, macros) as warehouse:
        warehouse.build()
    with duckdb.connect(home / "warehouse.duckdb") as connection:
        connection.execute(AS_TABLE)
        for table, query in ROWS.items():
            connection.execute(f"insert into {table} by name {query}", [organizations])
    with Warehouse(home / "warehouse.duckdb", tables, macros) as warehouse:
        warehouse.copy_release(release / DATABASE)
    (release / MANIFEST).write_text(json.dumps({"as_of": "2026-11-16T00:00:00", "made_from": {}}), "utf-8")
    (release / QUALITY).write_text("[]", "utf-8")
    (home / "releases" / "current").symlink_to("made")
    return release
