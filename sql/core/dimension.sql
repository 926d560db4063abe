-- The dimensions of the organizational persona and their two ends.
-- Method `lean`: where the present markers point on average. Method `share`: how much of what could be shown is shown.
--
-- grain: dimension
-- expect: in_set(method, lean, share)
select
    dimension,      -- Dimension.
    low_end,        -- What 0 means.
    high_end,       -- What 1 means.
    method          -- How its markers make an index: lean or share.
from (values
    ('buying_motion', 'self-serve', 'procurement', 'lean'),
    ('appetite_for_change', 'conservative', 'innovator', 'lean'),
    ('process_maturity', 'improvised', 'disciplined', 'share'),
    ('growth_posture', 'shrinking', 'growing', 'lean'),
    ('customer_closeness', 'customers unseen', 'customers seen', 'share'),
    ('openness', 'closed', 'open', 'share'),
    ('collaboration', 'self-contained', 'partner-minded', 'share'),
    ('people_culture', 'values unstated', 'values stated', 'share')
) as dimensions (dimension, low_end, high_end, method)
