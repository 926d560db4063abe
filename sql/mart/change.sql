-- What changed of each organization between two readings of a page, the before and the since beside each other, each quoted.
--
-- grain: change_id
-- expect: in_set(kind, rose, fell, became, appeared, went)
-- expect: references(organization_id, mart.organization.organization_id)
select
    change_id,          -- Hash of the facts on both sides.
    organization_id,    -- Organization.
    property,           -- What changed.
    kind,               -- rose, fell, became, appeared or went.
    before,             -- What it was; null where it appeared.
    after,              -- What it became; null where it went.
    says,               -- The same in words.
    last_seen,          -- When the page last said what was before, UTC.
    first_seen,         -- When it was first seen to say otherwise, UTC.
    changed_on,         -- The day of that: it changed then at the latest.
    url,                -- The page.
    before_quote,       -- What stood there before.
    after_quote,        -- What stands there since.
    fact_ids            -- Facts on both sides, the later first: in mart.fact, or in mart.earlier_fact where the page has changed since.
from core.change
