-- The markers each dimension is an index of: a property's value, where it points (0 low end, 1 high end), and its weight.
-- A number's marker is present when the number is at least `least`; `*` without it is any value at all.
--
-- Where enough of the website was read and a marker is not shown, silence is a no for what stands on websites. It is unknown for what is
-- said elsewhere or in another way by others: such a marker counts against an organization only where its property has another value.
-- `change` is what changed in the year before (core.change).
--
-- grain: dimension, property, value
-- expect: between(points_to, 0, 1)
-- expect: in_set(silence, no, unknown)
select
    dimension,      -- Dimension.
    property,       -- Property looked at.
    value,          -- Value that is the marker; `*` for a number.
    points_to,      -- Where it points, 0 to 1.
    weight,         -- How much it counts.
    least,          -- Least number, for numbers.
    if(property in ('dmarc_policy', 'disclosure_policy', 'public_repositories', 'change') or value like 'SOC 2%', 'unknown', 'no')
        as silence  -- What it means when it is not shown: no or unknown.
from (values
    ('buying_motion', 'buying_route', 'free_trial', 0.0, 1.0, null),
    ('buying_motion', 'buying_route', 'self_serve', 0.0, 1.0, null),
    ('buying_motion', 'buying_route', 'public_price', 0.1, 1.0, null),
    ('buying_motion', 'site_part', 'pricing', 0.2, 0.5, null), ('buying_motion', 'page', 'pricing', 0.2, 0.5, null),
    ('buying_motion', 'buying_route', 'demo', 0.5, 1.0, null),
    ('buying_motion', 'buying_route', 'contact_sales', 0.6, 1.0, null),
    ('buying_motion', 'buying_route', 'tender', 1.0, 2.0, null),
    ('buying_motion', 'site_part', 'suppliers', 1.0, 1.5, null),
    ('buying_motion', 'mentions', 'persona.procurement_words', 1.0, 1.5, null),
    ('appetite_for_change', 'mentions', 'persona.innovation', 1.0, 1.0, null),
    ('appetite_for_change', 'mentions', 'persona.emerging_work', 1.0, 1.0, null),
    ('appetite_for_change', 'mentions', 'persona.tradition', 0.0, 1.5, null),
    ('appetite_for_change', 'site_part', 'changelog', 1.0, 1.0, null),
    ('appetite_for_change', 'site_part', 'research', 1.0, 1.0, null),
    ('appetite_for_change', 'site_part', 'api', 1.0, 0.5, null),
    ('process_maturity', 'site_part', 'security', 1.0, 1.0, null),
    ('process_maturity', 'site_part', 'status', 1.0, 1.0, null),
    ('process_maturity', 'site_part', 'docs', 1.0, 1.0, null),
    ('process_maturity', 'site_part', 'accessibility', 1.0, 0.5, null),
    ('process_maturity', 'site_part', 'privacy', 1.0, 0.5, null),
    ('process_maturity', 'certification', 'ISO 9001', 1.0, 1.0, null),
    ('process_maturity', 'certification', 'ISO 27001', 1.0, 1.0, null),
    ('process_maturity', 'mentions', 'persona.discipline', 1.0, 1.0, null),
    ('process_maturity', 'certification', 'SOC 2', 1.0, 0.75, null), ('process_maturity', 'certification', 'SOC 2 Type II', 1.0, 1.0, null),
    ('process_maturity', 'dmarc_policy', 'reject', 1.0, 1.0, null), ('process_maturity', 'dmarc_policy', 'quarantine', 1.0, 0.75, null),
    ('process_maturity', 'disclosure_policy', '*', 1.0, 1.0, null),
    ('growth_posture', 'openings', '*', 1.0, 1.5, 3),
    ('growth_posture', 'change', 'openings rose', 1.0, 1.5, null), ('growth_posture', 'change', 'openings fell', 0.2, 1.0, null),
    ('growth_posture', 'change', 'employees rose', 1.0, 1.0, null), ('growth_posture', 'change', 'employees fell', 0.0, 1.5, null),
    ('growth_posture', 'mentions', 'persona.growing', 1.0, 1.0, null),
    ('growth_posture', 'mentions', 'persona.steady', 0.5, 1.0, null),
    ('growth_posture', 'mentions', 'persona.shrinking', 0.0, 2.0, null),
    ('growth_posture', 'site_part', 'careers', 0.8, 0.5, null),
    ('customer_closeness', 'site_part', 'customers', 1.0, 1.0, null),
    ('customer_closeness', 'site_part', 'case_studies', 1.0, 1.0, null),
    ('customer_closeness', 'site_part', 'reviews', 1.0, 1.0, null),
    ('customer_closeness', 'site_part', 'support', 1.0, 1.0, null),
    ('customer_closeness', 'site_part', 'community', 1.0, 1.0, null),
    ('customer_closeness', 'customer', '*', 1.0, 1.0, null),
    ('customer_closeness', 'mentions', 'persona.customers_heard', 1.0, 1.0, null),
    ('openness', 'site_part', 'team', 1.0, 1.0, null),
    ('openness', 'site_part', 'blog', 1.0, 1.0, null),
    ('openness', 'site_part', 'changelog', 1.0, 1.0, null),
    ('openness', 'buying_route', 'public_price', 1.0, 1.0, null),
    ('openness', 'site_part', 'contact', 1.0, 0.5, null),
    ('openness', 'public_repositories', '*', 1.0, 1.0, 5),
    ('openness', 'mentions', 'persona.open_words', 1.0, 1.0, null),
    ('collaboration', 'site_part', 'partners', 1.0, 1.0, null),
    ('collaboration', 'site_part', 'integrations', 1.0, 1.0, null),
    ('collaboration', 'site_part', 'api', 1.0, 1.0, null),
    ('collaboration', 'partner', '*', 1.0, 1.0, null),
    ('collaboration', 'mentions', 'persona.partner_words', 1.0, 1.0, null),
    ('people_culture', 'mentions', 'persona.quality', 1.0, 1.0, null),
    ('people_culture', 'mentions', 'persona.respect', 1.0, 1.0, null),
    ('people_culture', 'mentions', 'persona.teamwork', 1.0, 1.0, null),
    ('people_culture', 'mentions', 'persona.integrity', 1.0, 1.0, null),
    ('people_culture', 'mentions', 'persona.learning', 1.0, 1.0, null),
    ('people_culture', 'site_part', 'values', 1.0, 1.0, null)
) as markers (dimension, property, value, points_to, weight, least)
