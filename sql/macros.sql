-- The words SQL shares with Python.

-- The twin of pipelines.ids.make_id: kind, and 16 hex digits of the SHA-256 of the raw values, joined by the unit separator.
create or replace macro make_id
    (kind, a) as kind || '_' || left(sha256(a), 16),
    (kind, a, b) as kind || '_' || left(sha256(a || chr(31) || b), 16),
    (kind, a, b, c) as kind || '_' || left(sha256(a || chr(31) || b || chr(31) || c), 16);
