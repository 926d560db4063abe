-- The lead lists that the release before was made from.
--
-- grain: list_id
create table raw.previous_list (
    list_id varchar not null            -- Lead list.
);
