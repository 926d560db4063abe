"""What icp.yaml says of its profiles: one product for one segment each, with rules of its own beside those that hold for all.

Here: a profile, a promise and the rings as frozen types. Elsewhere: one rule (`icp.rules`), what follows from the rules for an
organization (sql/core/answer.sql and what reads it).
"""

from collections.abc import Mapping
from typing import Literal

from pipelines.documents import Document
from pipelines.icp.rules import Id, Rule, Words

Ring = Literal["market", "profile", "persona", "problem", "bullseye"]
RINGS: tuple[Ring, ...] = ("market", "profile", "persona", "problem", "bullseye")


class Promise(Document):
    """A concern or aspiration we can fulfil, and the phrases by which an organization shows it would recognise that."""

    id: Id
    concern: str
    """What keeps them awake, or what they want to become."""
    promise: str
    """What we do about it."""
    message: str
    """What to say to them."""
    recognised_by: Words
    """Phrases in which they show it themselves; one that begins with `unless` takes back the others in the same sentence."""


class Profile(Document):
    """One product for one segment. `rings` come on top of those that hold for all; without `promises` it makes all of them."""

    id: Id
    product: str
    """What is sold."""
    segment: str
    """To whom."""
    rings: Mapping[Ring, tuple[Rule, ...]] = {}
    """Rules of its own, ring by ring."""
    promises: tuple[Id, ...] | None = None
    """Ids of the promises it makes; left out, all."""


ONLY = "main"
"""The id of the profile of a file that names none: the rules that hold for all are all there are."""
