-- The words SQL shares with Python.

-- The twin of pipelines.ids.make_id: kind, and 16 hex digits of the SHA-256 of the raw values, joined by the unit separator.
create or replace macro make_id
    (kind, a) as kind || '_' || left(sha256(a), 16),
    (kind, a, b) as kind || '_' || left(sha256(a || chr(31) || b), 16),
    (kind, a, b, c) as kind || '_' || left(sha256(a || chr(31) || b || chr(31) || c), 16);

-- A place's name folded for comparison: lower case, accents and punctuation off; empty when there is none.
create or replace macro fold_place(place) as
    trim(regexp_replace(strip_accents(lower(coalesce(place, ''))), '[^\p{L}\p{N}]+', ' ', 'g'));

-- Whether a company goes by the name its domain has: acme robotics by acme-robotics.example, big bear books by bbb.example.
create or replace macro goes_by(company_key, domain) as
    contains(replace(company_key, ' ', ''), replace(split_part(domain, '.', 1), '-', ''))
    and length(split_part(domain, '.', 1)) >= 4
    or replace(company_key, ' ', '') = replace(split_part(domain, '.', 1), '-', '')
    or len(list_filter(
        string_split(company_key, ' '),
        lambda word: length(word) >= 4 and contains(replace(split_part(domain, '.', 1), '-', ''), word)
    )) > 0
    or array_to_string(list_transform(string_split(company_key, ' '), lambda word: left(word, 1)), '')
        = replace(split_part(domain, '.', 1), '-', '');

-- Whether a folded name says much by itself: several words, ten letters, or four characters of a script that writes syllables or words.
create or replace macro says_much(company_key) as
    contains(company_key, ' ') or length(company_key) >= 10
    or length(company_key) >= 4 and not regexp_matches(company_key, '[a-zа-яα-ω]');

-- A company's name as words: lower case, accents and punctuation off.
create or replace macro name_words(name) as
    list_filter(string_split_regex(strip_accents(lower(coalesce(name, ''))), '[^\p{L}\p{N}]+'), lambda word: word <> '');

-- A text as words to look for phrases in: lower case, a space before and behind each word, so that two words of a phrase may have others between.
create or replace macro as_words(said) as
    ' ' || trim(regexp_replace(nfc_normalize(lower(said)), '[^\pL\pM\pN]+', '  ', 'g')) || ' ';

-- A company's name as two spellings of it have it in common: letters and digits alone, `and` and the usual legal forms taken off.
create or replace macro name_key(name) as
    replace(
        regexp_replace(
            regexp_replace(as_words(strip_accents(coalesce(name, ''))), ' (and|und|et|y) ', '', 'g'),
            '( (inc|incorporated|corp|corporation|co|company|llc|ltd|limited|plc|pbc|gmbh|mbh|ag|kg|kgaa|ohg|ug|se|e  k|sarl|sas|s  a|s  a  s'
                || '|s  a  r  l|sl|s  l|slu|s  l  u|srl|s  r  l|spa|s  p  a|bv|b  v|nv|n  v|ab|as|a  s|aps|oy|oyj|pty|pte|k  k) )+$', ''
        ),
        ' ', ''
    );

-- A name as it is registered: case, punctuation and the ways to write a legal form out are all one, the legal form itself is not.
create or replace macro registered_key(name) as
    array_to_string(list_transform(
        list_filter(name_words(name), lambda word: word not in ('and', 'und', 'et', 'y')),
        lambda word: coalesce(map {
            'incorporated': 'inc', 'corporation': 'corp', 'company': 'co', 'limited': 'ltd', 'aktiengesellschaft': 'ag'
        }[word], word)
    ), '');

-- A street folded: St and Street, Str. and Straße, N and North are one.
create or replace macro street_key(street) as
    array_to_string(list_transform(
        string_split(fold_place(replace(replace(lower(street), 'ß', 'ss'), 'strasse', 'str')), ' '),
        lambda word: coalesce(map {
            'street': 'st', 'saint': 'st', 'avenue': 'ave', 'av': 'ave', 'road': 'rd', 'boulevard': 'blvd', 'drive': 'dr', 'lane': 'ln',
            'place': 'pl', 'square': 'sq', 'court': 'ct', 'highway': 'hwy', 'parkway': 'pkwy', 'suite': 'ste', 'floor': 'fl',
            'north': 'n', 'south': 's', 'east': 'e', 'west': 'w'
        }[word], word)
    ), ' ');

-- An address on the web without what does not tell two apart: the scheme, www, the case, a slash at the end.
create or replace macro web_key(url) as regexp_replace(lower(url), '^(https?://)?(www\.)?|/+$', '', 'g');

-- What all spellings of one value of a property have in common. Two claims are one where this is the same. Where nothing is left of a
-- value, as of one of punctuation, it stands for itself: chosen from a list, since an expression said twice would be worked out twice.
create or replace macro claim_key(property, type, value) as list_filter([case
    when type = 'number' then cast(try_cast(value as double) as varchar)
    when property in ('name', 'parent', 'customer', 'partner') then name_key(value)
    when property = 'legal_name' then registered_key(value)
    when property in ('city', 'region', 'description', 'opening', 'opening_place', 'opening_department', 'location', 'news')
        then fold_place(value)
    when property = 'street' then street_key(value)
    when property = 'postcode' then regexp_replace(regexp_replace(upper(value), '^(\d{5})-\d{4}$', '\1'), '[ -]', '', 'g')
    when property = 'phone' then regexp_replace(value, '[^0-9]', '', 'g')
    when property in ('website', 'linkedin', 'social_profile', 'same_as', 'mailbox') then web_key(value)
    when property in ('country', 'language', 'languages', 'lei', 'ticker', 'registration_number', 'certification', 'technology')
        then lower(value)
    else value
end, value], lambda each: each <> '')[1];

-- How sure several are together, if each alone is as sure as given: their doubts multiplied. Decimals, so that no order changes a digit.
create or replace macro agreed(p) as 1 - exp(sum(cast(ln(1 - least(p, 0.99)) as decimal(18, 9))));

-- The same of one alone.
create or replace macro agreed_alone(p) as 1 - exp(cast(cast(ln(1 - least(p, 0.99)) as decimal(18, 9)) as decimal(38, 9)));

-- Words, all numbers among them alike: $13B and 1.5 are ⁿ, as # is in a phrase.
create or replace macro as_numbered(words) as regexp_replace(words, '( \pN[^ ]* )+', ' ⁿ ', 'g');

-- A phrase as a pattern for such texts: # is any number, … any words between.
create or replace macro as_pattern(phrase) as
    '%' || replace(as_words(replace(regexp_replace(phrase, '(^|[^\pL\pN])#([^\pL\pN]|$)', '\1 ⁿ \2', 'g'), '…', ' ˣ ')), '  ˣ  ', ' % ') || '%';

-- How much two sets have in common of all they have, by weight: null where either is unknown, 0 where they share nothing.
create or replace macro jaccard(shared, own, theirs) as
    coalesce(shared, 0) / cast(own + theirs - coalesce(shared, 0) as double);
