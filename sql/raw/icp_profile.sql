-- The ideal customer profiles of icp.yaml: one product for one segment each; the one `main` where the file names none.
--
-- grain: icp
create table raw.icp_profile (
    icp varchar not null,           -- Profile.
    position integer not null,      -- Place in the file; earlier wins a tie.
    product varchar not null,       -- What is sold.
    segment varchar not null        -- To whom.
);
