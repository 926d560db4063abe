"""Where a website is likely from, by its domain and its language.

Here: the country that numbers and addresses without one are read for. Elsewhere: addresses (`postal`) and numbers (`phones`).
"""

from urllib.parse import urlsplit

from pipelines.page import Page
from pipelines.places import country_codes
from pipelines.sources.website.streets import postal_words

# Country domains that are sold to all the world and say nothing of where somebody is.
SOLD = frozenset("ai io co me tv cc fm am ly gg to sh so vc ws la st im sc bz mn gl tk ml ga cf gq pw nu".split())


def site_country(page: Page) -> str | None:
    """Return the country that the website's domain names, else the language of the page; None for what all the world may buy."""
    last = (urlsplit(page.url).hostname or "").rpartition(".")[2]
    if len(last) == 2 and last not in SOLD and (code := country_codes().get("GB" if last == "uk" else last.upper())):
        return code
    written = _language(page)
    return country_codes().get(written[3:].upper()) if len(written) == 5 and written[2] in "-_" else None


def country_of_language(page: Page) -> str | None:
    """Return where a page of that language likely is; the United States when it says no language."""
    found: str | None = postal_words()["languages"].get((_language(page) or "en")[:2].lower())
    return found


def _language(page: Page) -> str:
    return next((each.text for each in page.attributes("lang", "html")), "")
