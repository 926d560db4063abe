"""Small values of a lead: postcodes.

Here: what needs neither a library nor its column. Elsewhere: telephone numbers (`phones`), days (`days`), numbers (`numbers`),
addresses on the net (`addresses`), names (`names`), countries (`countries`).
"""

import re
from functools import lru_cache

from pipelines.intake.folding import CACHE, stated

LONGEST = 12
_FLOAT = re.compile(r"(\d{3,6})\.0+")
_PREFIX = re.compile(r"z:\s*", re.IGNORECASE)
_POSTCODE = re.compile(r"(?:[A-Z]{1,3}-)?(?=[A-Z0-9 -]*\d)[A-Z0-9]{2,5}(?:[ -]?[A-Z0-9]{2,5})?", re.IGNORECASE)
_BEFORE_CITY = re.compile(r"((?:[A-Z]{1,3}-)?\d{4,5}(?: [A-Z]{2}(?= ))?) +([^\W\d].*)")


@lru_cache(CACHE)
def postcode(text: str) -> str | None:
    """Return the postcode as written, or None when the text is none; the .0 of a number and what forms put before go.

    >>> postcode("10117"), postcode("5039.0"), postcode("SW1A 1AA"), postcode("z:94105"), postcode("Berlin")
    ('10117', '5039', 'SW1A 1AA', '94105', None)
    """
    written = _FLOAT.sub(r"\1", _PREFIX.sub("", stated(text) or "", count=1).lstrip("'"))
    return written if len(written) <= LONGEST and _POSTCODE.fullmatch(written) else None


@lru_cache(CACHE)
def place(text: str) -> tuple[str | None, str | None]:
    """Return the postcode and the city of a cell that may hold both: `10117 Berlin`, `Berlin, Germany`.

    >>> place("10117 Berlin"), place("Saint Paul, Minnesota"), place("D-80331 München"), place("1012 AB Amsterdam")
    (('10117', 'Berlin'), (None, 'Saint Paul'), ('D-80331', 'München'), ('1012 AB', 'Amsterdam'))
    """
    written = stated(text.partition(",")[0])
    both = _BEFORE_CITY.fullmatch(written) if written else None
    return (both[1], both[2]) if both else (None, written)
