"""Countries as people write them in lists.

Here: everyday and official variants, and what stands in brackets behind a name. Elsewhere: names and codes by the standard
(`places`); cities, which are kept as written.
"""

import re
from functools import cache, lru_cache

from pipelines.intake.folding import CACHE, fold
from pipelines.places import country_code
from pipelines.text import clean

# Folded. Lines that begin with a code are that country's; deeper lines go on with it.
VARIANTS = """
    US: us; usa; u s; u s a; america; united states of america; u s of a; estados unidos de america; etats unis damerique; eeuu
        ee uu; vereinigte staaten von amerika
    GB: uk; gb; u k; great britain; britain; england; scotland; wales; northern ireland; grossbritannien; angleterre
        inglaterra; inghilterra; engeland; schottland; grande bretagne; gran bretana; gran bretagna
        united kingdom of great britain and northern ireland
    NL: holland; the netherlands; holanda; olanda; hollande
    CZ: czech rep; cesko; czech republic; czechia; tschechische republik; republique tcheque; republica checa
    KR: 대한민국; 한국; korea; south korea; republic of korea; korea republic of; korea south
    KP: dprk; north korea; democratic peoples republic of korea; korea north
    RU: russian federation; russische foderation; россия; рф; российская федерация
    VN: viet nam
    IR: iran; islamic republic of iran; iran islamic republic of
    AE: الإمارات; uae; emirates; united arab emirates; vae
    CI: ivory coast; cote divoire
    HK: hong kong; hongkong; hong kong sar
    MO: macao; macau
    TW: taiwan; taiwan province of china; chinese taipei
    TR: turkey; turkiye; tuerkei
    MM: burma; myanmar
    SZ: swaziland
    MK: macedonia; north macedonia; fyrom
    CV: cape verde
    CD: drc; dr congo; democratic republic of the congo; congo kinshasa; zaire
    CG: republic of the congo; congo; congo brazzaville
    PS: palestine; state of palestine; palestinian territory
    SY: syria; syrian arab republic
    MD: moldova; republic of moldova
    TZ: tanzania; united republic of tanzania
    BO: bolivia; plurinational state of bolivia
    VE: venezuela; bolivarian republic of venezuela
    LA: laos; lao peoples democratic republic
    BN: brunei; brunei darussalam
    VA: vatican; holy see
    CN: 中国; 中國; prc; peoples republic of china; mainland china; china mainland; p r china
    IE: republic of ireland; eire
    AT: a; oesterreich
    BA: bosnia
    SK: slovak republic; slovensko
    DE: d; brd; federal republic of germany; bundesrepublik deutschland; germany deutschland; deutschland germany
    FR: f; republique francaise
    IT: i
    ES: e
    BE: b; belgie belgique
    LU: l
    PT: p
    HU: h; magyarorszag
    SE: s
    GR: ελλαδα; ελλας; hellas; hellenic republic
    HR: hrvatska
    SI: slovenija
    EE: eesti
    LV: latvija
    LT: lietuva
    BG: българия
    RS: srbija; србија
    UA: україна; украина
    IL: ישראל
    JP: 日本; 日本国
    IN: भारत; bharat
    EG: مصر
    SA: السعودية; ksa; kingdom of saudi arabia
    CH: switzerland suisse schweiz; schweiz suisse
"""
LONGEST = 100
# States of the USA that are named in full in a column of countries; Georgia is the country.
STATES = frozenset(
    """
    alabama; alaska; arizona; arkansas; california; colorado; connecticut; delaware; florida; hawaii; idaho
    illinois; indiana; iowa; kansas; kentucky; louisiana; maine; maryland; massachusetts; michigan; minnesota
    mississippi; missouri; montana; nebraska; nevada; new hampshire; new jersey; new mexico; new york
    north carolina; north dakota; ohio; oklahoma; oregon; pennsylvania; rhode island; south carolina; south dakota
    tennessee; texas; utah; vermont; virginia; washington; west virginia; wisconsin; wyoming; district of columbia
    """.replace("\n", ";")
    .replace("    ", "")
    .replace("; ", ";")
    .split(";")
) - {""}
_CODE = re.compile(r"\b([A-Z]{2}): ")
_CODE_BESIDE = re.compile(r"^[A-Z]{2,3}\s*[-–:|]\s*(?=\w{3})|\s*[-–:|,]\s*[A-Z]{2,3}$")
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")


@lru_cache(CACHE)
def country(text: str) -> str | None:
    """Return the country's ISO 3166-1 alpha-2 code, or None when the text names no country. NA is Namibia.

    >>> country("Deutschland"), country("U.S.A."), country("gbr"), country("NA"), country("The Netherlands"), country("Atlantis")
    ('DE', 'US', 'GB', 'NA', 'NL', None)
    """
    written = clean(text[:LONGEST])
    for spelling in (
        written,
        _IN_BRACKETS.sub("", written),
        written.casefold().removeprefix("the "),
        _CODE_BESIDE.sub("", written),
    ):
        code = _variants().get(fold(spelling)) or country_code(spelling)
        if code:
            return code
    return "US" if fold(written) in STATES else None


@cache
def _variants() -> dict[str, str]:
    """Return folded variant -> alpha-2 code."""
    _, *parts = _CODE.split(VARIANTS)
    return {
        fold(name): code
        for code, names in zip(parts[0::2], parts[1::2], strict=True)
        for name in names.replace("\n", ";").split(";")
        if name.strip()
    }
