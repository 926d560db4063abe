-- Our own persona, in the dimensions of traits.
--
-- grain: dimension
create table raw.icp_persona (
    dimension varchar not null,     -- Dimension.
    own_value double not null       -- Where we stand on it, 0 to 1.
);
