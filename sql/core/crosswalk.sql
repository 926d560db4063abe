-- What the beginning of a code of another scheme, or a word, says of the NAICS sector. The longest beginning that fits decides; where one
-- class became two sectors, each gets its share. Schemes: sic (the SEC's), nace (Rev. 2, and with it the United Kingdom's SIC 2007), word.
--
-- grain: scheme, beginning, naics
-- expect: between(share, 0, 1)
-- expect: references(naics, core.sector.naics)
select
    scheme,                             -- Scheme the code is of.
    unnest(beginnings) as beginning,    -- First digits of the code, without dots, or the word.
    naics,                              -- Sector.
    share                               -- How far that sector is meant, 0 to 1.
from (values
    ('sic', ['01', '02', '07', '08', '09'], '11', 1.0), ('sic', ['10', '12', '13', '14'], '21', 1.0), ('sic', ['49'], '22', 1.0),
    ('sic', ['15', '16', '17'], '23', 1.0), ('sic', ['20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31', '32', '33', '34',
        '35', '36', '37', '38', '39'], '31-33', 1.0), ('sic', ['50', '51'], '42', 1.0),
    ('sic', ['52', '53', '54', '55', '56', '57', '59'], '44-45', 1.0), ('sic', ['40', '41', '42', '43', '44', '45', '46', '47'], '48-49', 1.0),
    ('sic', ['271', '272', '273', '274', '48', '7372', '7374', '7375', '78'], '51', 1.0), ('sic', ['737', '7370', '7371'], '51', 0.5),
    ('sic', ['60', '61', '62', '63', '64', '67'], '52', 1.0), ('sic', ['65', '6798', '735', '7377', '751'], '53', 1.0),
    ('sic', ['0742', '731', '7373', '7376', '7379', '81', '87', '89'], '54', 1.0), ('sic', ['737', '7370', '7371'], '54', 0.5),
    ('sic', ['4724', '495', '732', '733', '734', '736', '738'], '56', 1.0), ('sic', ['82'], '61', 1.0), ('sic', ['80', '83'], '62', 1.0),
    ('sic', ['79', '84'], '71', 1.0), ('sic', ['58', '70'], '72', 1.0), ('sic', ['72', '75', '76', '86', '88'], '81', 1.0),
    ('sic', ['91', '92', '93', '94', '95', '96', '97'], '92', 1.0),
    ('nace', ['01', '02', '03'], '11', 1.0), ('nace', ['05', '06', '07', '08', '09'], '21', 1.0), ('nace', ['35', '36', '37'], '22', 1.0),
    ('nace', ['41', '42', '43'], '23', 1.0), ('nace', ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24',
        '25', '26', '27', '28', '29', '30', '31', '32'], '31-33', 1.0), ('nace', ['46'], '42', 1.0), ('nace', ['45', '47'], '44-45', 1.0),
    ('nace', ['49', '50', '51', '52', '53'], '48-49', 1.0), ('nace', ['58', '59', '60', '61', '63'], '51', 1.0), ('nace', ['62'], '51', 0.5),
    ('nace', ['64', '65', '66'], '52', 1.0), ('nace', ['68', '77'], '53', 1.0), ('nace', ['62'], '54', 0.5),
    ('nace', ['69', '70', '71', '72', '73', '74', '75'], '54', 1.0), ('nace', ['642', '701'], '55', 1.0),
    ('nace', ['38', '39', '78', '79', '80', '81', '82'], '56', 1.0), ('nace', ['85'], '61', 1.0), ('nace', ['86', '87', '88'], '62', 1.0),
    ('nace', ['90', '91', '92', '93'], '71', 1.0), ('nace', ['55', '56'], '72', 1.0), ('nace', ['33', '452', '94', '95', '96', '97'], '81', 1.0),
    ('nace', ['84', '99'], '92', 1.0),
    ('word', ['agriculture', 'farming', 'forestry', 'fishing'], '11', 1.0), ('word', ['mining', 'petroleum', 'oil and gas'], '21', 1.0),
    ('word', ['electric utility', 'energy', 'electricity', 'water supply'], '22', 1.0), ('word', ['construction'], '23', 1.0),
    ('word', ['manufactur', 'automotive', 'aerospace', 'pharmaceutical', 'biotechnology', 'semiconductor', 'electronics', 'robotics', 'chemical',
        'food industry', 'textile', 'machine', 'hardware', 'arms industry'], '31-33', 1.0), ('word', ['wholesale'], '42', 1.0),
    ('word', ['retail', 'e-commerce'], '44-45', 1.0), ('word', ['transport', 'logistics', 'airline', 'shipping', 'freight'], '48-49', 1.0),
    ('word', ['software', 'artificial intelligence', 'internet', 'publishing', 'telecommunication', 'media', 'video game', 'film', 'cloud computing',
        'information technology'], '51', 1.0), ('word', ['bank', 'insurance', 'financ', 'investment', 'fintech'], '52', 1.0),
    ('word', ['real estate'], '53', 1.0), ('word', ['consulting', 'legal', 'advertising', 'marketing', 'engineering', 'architecture', 'research'], '54', 1.0),
    ('word', ['conglomerate', 'holding'], '55', 1.0), ('word', ['staffing', 'tourism', 'travel', 'security', 'waste'], '56', 1.0),
    ('word', ['education', 'school'], '61', 1.0), ('word', ['health', 'hospital', 'medical'], '62', 1.0),
    ('word', ['entertainment', 'sport', 'gambling', 'museum'], '71', 1.0), ('word', ['hospitality', 'restaurant', 'hotel'], '72', 1.0),
    ('word', ['repair', 'nonprofit', 'charit'], '81', 1.0), ('word', ['government', 'public administration'], '92', 1.0)
) as crosswalk (scheme, beginnings, naics, share)
