"""The names of the months, as CLDR has them in the main European languages.

Here: names and abbreviations to numbers. Elsewhere: reading days (`days`).
"""

from collections.abc import Mapping
from functools import cache

from babel import Locale

from pipelines.intake.folding import fold
from pipelines.places import LANGUAGES

ALSO = {"maerz": 3, "mrz": 3, "sept": 9, "okt": 10, "dez": 12, "juli": 7, "avr": 4, "fev": 2, "dec": 12, "set": 9, "ene": 1}


def month_of(word: str) -> int | None:
    """Return the month a name or an abbreviation of at least three letters stands for, or None.

    >>> month_of("März"), month_of("sept."), month_of("Kesäkuuta"), month_of("otter")
    (3, 9, 6, None)
    """
    return _months().get(fold(word))


@cache
def _months() -> Mapping[str, int]:
    """Return folded name -> month; what one language's names say differently from an earlier one's is left to the earlier."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        by_form = Locale(language).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in by_form[form][width].items():
                    folded = fold(name)
                    if len(folded) >= 3 and not folded[0].isdigit():
                        names.setdefault(folded, number)
    return {**ALSO, **names}
