-- The words the rules compare with.
--
-- grain: rule_id, value
create table raw.icp_operand (
    rule_id varchar not null,       -- Rule.
    value varchar not null          -- One word it compares with.
);
