"""Pages that name somebody suppressed are kept without them: their mailbox and their number are masked in the archive.

Here: finding and masking them, knowing only keyed hashes; once for every page, at the end of the run that brought it. Elsewhere:
amending records (`web.amend`), somebody forgotten in all pages there ever were (`forget`). Domains and companies stay where other
people's pages name them; their own are never asked for.
"""

import json
import re

from pipelines.facts import captures_of
from pipelines.home import Home
from pipelines.suppression import Suppression
from pipelines.suppression.forget import forget_in
from pipelines.web.amend import amend, ends, what_is_held
from pipelines.web.cdxj import Entry

AMENDED = "amended"
"""What is noted in the home: up to which byte each partition of the archive was looked through."""
KINDS = ("mailbox", "phone", "national", "bare", "tail")
_MAILBOX = re.compile(rb"[\w.+%&#;=-]{1,128}(?:@|%40|&#64;|&#x40;|&commat;)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_SIGN = re.compile(rb"@|%40|&#64;|&#x40;|&commat;", re.IGNORECASE)
_NUMBER = re.compile(rb"[+(]?[0-9][0-9 ()./\xa0-]{5,24}[0-9]")


class Unwelcome:
    """Whoever is suppressed by mailbox or phone, as what leaves an archive."""

    def __init__(self, suppression: Suppression) -> None:
        self._all, self._told = suppression, suppression.only(KINDS)

    def __bool__(self) -> bool:
        """Say whether there is anybody."""
        return bool(self._all)

    def stands_in(self, content: bytes, _: bytes = b"", /) -> bool:
        """Say whether any of them stands there, in any spelling."""
        return bool(self._told.hits([content.decode("utf-8", "replace")]))

    def masked(self, content: bytes, _: bytes = b"", /) -> bytes:
        """Return the content, as long as before, with names of mailboxes and digits of numbers masked."""
        for pattern, kept in ((_MAILBOX, _SIGN), (_NUMBER, None)):
            for found in list(pattern.finditer(content)):
                if self.stands_in(found[0]):
                    sign = kept.search(found[0]) if kept else None
                    end = found.start() + sign.start() if sign else found.end()
                    content = content[: found.start()] + b"x" * (end - found.start()) + content[end:]
        return content

    def goes(self, entry: Entry, /) -> bool:
        """Say whether a page is of a suppressed domain: of one that came back, for none is asked for."""
        return bool(self._all.hits([entry.capture.url, entry.capture.request.url]))


def mask_new_pages(home: Home, suppression: Suppression) -> None:
    """Mask whoever is suppressed in the records since this was last done; what was found in a page that has to go goes too."""
    unwelcome = Unwelcome(suppression)
    if unwelcome:
        amend(home.archive, unwelcome, _since(home))
        held = what_is_held(home.archive)
        if gone := captures_of(home.facts) - held.whole - held.pages:
            forget_in(home, suppression.and_captures(gone))
    home.note(AMENDED, json.dumps(ends(home.archive)))


def _since(home: Home) -> dict[str, int]:
    said: dict[str, int] = json.loads(home.noted(AMENDED) or "{}")
    return said
