-- Which values of facts tell of which signal: those that have one of its phrases, whole and in any case, and one of what it is about, where
-- that is asked, and none of what makes it something else. Every value is taken apart into words once, whoever says it.
--
-- grain: signal_id, property, value
with phrase as (
    select
        signal_id, property, part, as_pattern(word) as pattern, contains(pattern, 'ⁿ') as counts,
        list_reduce(
            string_split(trim(replace(replace(pattern, '%', ' '), 'ⁿ', ' '), ' '), ' '), lambda a, b: if(length(b) > length(a), b, a), ''
        ) as longest
    from raw.icp_signal_word
    where word <> '*'
),
listened as (select distinct property from raw.icp_signal_word),
said as (
    select property, value
    from core.testimony
    semi join listened using (property)
    union
    select 'change', says
    from core.change
    where 'change' in (from listened)
    union
    select 'migration', says
    from core.migration
    where 'migration' in (from listened)
),
spoken as (select property, value, as_words(value) as words from said),
taken_apart as (select *, unnest(string_split(trim(words), '  ')) as word from spoken),
heard as (
    select distinct phrase.signal_id, property, spoken.value, phrase.part
    from taken_apart as spoken
    join phrase using (property)
    where spoken.word = phrase.longest and phrase.longest <> ''
        and (spoken.words like phrase.pattern or phrase.counts and as_numbered(spoken.words) like phrase.pattern)
    union all
    select word.signal_id, property, said.value, word.part
    from said
    join raw.icp_signal_word as word using (property)
    where word.word = '*'
),
narrowed as (select distinct signal_id from raw.icp_signal_word where part = 'about')
select
    signal_id,      -- Signal.
    property,       -- Property the value is of.
    value,          -- The value.
    as_words(value) as words    -- The same as words, by which values that say the same are one.
from heard
left join narrowed using (signal_id)
group by signal_id, property, value, narrowed.signal_id
having bool_or(part = 'tells') and not bool_or(part = 'unless') and (narrowed.signal_id is null or bool_or(part = 'about'))
