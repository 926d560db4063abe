-- Competitors by domain.
--
-- grain: domain
create table raw.icp_competitor (
    domain varchar not null         -- Registrable domain.
);
