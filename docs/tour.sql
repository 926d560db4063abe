-- A walk through a release: duckdb -readonly data/releases/current/bullseye.duckdb < docs/tour.sql
-- Twenty questions and their queries are in docs/queries.md.

-- What is there? Every table says what it holds.
select table_name, estimated_size as rows, comment
from duckdb_tables()
where schema_name = 'mart'
order by table_name;

-- So does every column.
select column_name, data_type, comment
from duckdb_columns()
where schema_name = 'mart' and table_name = 'fit'
order by column_index;

-- Nothing of the lead lists is lost: rows in are leads, duplicates and rejected rows.
select name, rows_in, leads, duplicates, rejected, suppressed, lost
from mart.lead_list
order by name;

-- The bull's eye: how far in the organizations got, and how much of what we ask is answered.
select ring, count(*) as organizations, round(avg(fit), 1) as fit, round(avg(readiness), 1) as readiness, round(avg(coverage), 2) as coverage
from mart.fit
group by ring
order by list_position(['bullseye', 'problem', 'persona', 'profile', 'market', 'unknown', 'outside'], ring);

-- One organization of the innermost ring: its figures are the sums of its reasons.
with one as (
    select organization_id, icp, domain
    from mart.fit
    order by list_position(['bullseye', 'problem', 'persona', 'profile', 'market', 'unknown', 'outside'], ring), readiness desc, organization_id
    limit 1
)
select one.domain, reason.figure, reason.points, reason.because, reason.quote, reason.url
from one
join mart.fit_reason as reason using (organization_id, icp)
where reason.points > 0
order by reason.figure, reason.points desc, reason.rule_id;

-- Every figure beside the sum of its published reasons: no difference, or nothing would have been published.
select published_in, figure, count(*) as figures, max(abs(difference)) as largest_difference
from mart.score_audit
group by published_in, figure
order by published_in, figure;

-- From a published value to the words on the page, and to the bytes they were read from.
select evidence."column", evidence.value, evidence.quote, evidence.url, evidence.observed_at, evidence.digest
from mart.evidence
order by evidence.organization_id, evidence."column", evidence.value, evidence.fact_id
limit 10;

-- What is not known, and what it would be worth to know.
select rule_id, organizations, held_by_more, ask
from mart.research_value
order by organizations desc, icp, rule_id
limit 5;

-- And what to do: one route for every lead.
select action, owner, count(*) as leads, min(due_on) as first_due_on
from mart.route
group by action, owner
order by leads desc, action, owner;
