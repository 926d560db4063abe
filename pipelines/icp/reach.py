"""What icp.yaml says of reach: who buys from us and how, and what each way to them is worth.

Here: the buying roles and the points as frozen types. Elsewhere: what a job title says (`intake.titles`), who of the leads has
which role (sql/core/contact.sql), which ways are open at an organization (sql/core/reach.sql).
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pipelines.documents import Document
from pipelines.icp.rules import Words
from pipelines.intake.title_words import RANKS, Function, Seniority, spellings

BuyingRole = Literal["decides", "influences", "uses", "blocks"]
LISTED: BuyingRole = "influences"
"""What a mere list of words says: those decide or influence, so they influence at least."""


def _several(written: object) -> object:
    return [written] if isinstance(written, str) else written


def _worded(written: object) -> object:
    return {"word": written} if isinstance(written, str) else written


def _roles(written: object) -> object:
    return {LISTED: written} if isinstance(written, list | tuple) else written


class Holder(Document):
    """Who has a role: a word that stands in the job title, or a function, or whoever is at least so far up; all that is given."""

    word: Annotated[str, Field(min_length=2)] | None = None
    """Word or phrase of the job title, whole and in any case."""
    function: Annotated[
        tuple[Function, ...], BeforeValidator(_several, json_schema_input_type=Function | tuple[Function, ...])
    ] = ()
    """Function, or several, of which the title says one."""
    at_least: Seniority | None = None
    """How far up: owner, c_level, board, vp, head, director, manager, senior, individual, intern."""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.word or self.function or self.at_least):
            raise ValueError("name a word, a function or at_least: without any it is everybody")
        return self

    @property
    def seniorities(self) -> tuple[Seniority, ...]:
        """How far up, all that will do."""
        return RANKS[: RANKS.index(self.at_least) + 1] if self.at_least else ()

    @property
    def spelled(self) -> list[str | None]:
        """The word as titles have it: folded, once for each way to write an umlaut."""
        return [f" {' '.join(each)} " for each in spellings(self.word)] if self.word else [None]

    def __str__(self) -> str:
        said = [
            f"“{self.word}”" if self.word else "",
            " or ".join(self.function),
            f"{self.at_least} or above" if self.at_least else "",
        ]
        return ", ".join(each for each in said if each).replace("_", " ")


Holders = Annotated[
    tuple[Annotated[Holder, BeforeValidator(_worded, json_schema_input_type=str | Holder)], ...], Field(min_length=1)
]
BuyingRoles = Annotated[
    Mapping[BuyingRole, Holders],
    Field(min_length=1),
    BeforeValidator(_roles, json_schema_input_type=Words | Mapping[BuyingRole, Holders]),
]


class Reach(Document):
    """Who decides, influences, uses or blocks, and what each way to reach them is worth; the points add up to 100."""

    buying_roles: BuyingRoles
    """Role -> who has it; the first that fits counts. A list of words alone: of job titles of those who decide or influence."""
    person_in_buying_role: float = 45
    """Points for a lead who decides or influences."""
    work_email: float = 25
    """Points for a lead with an e-mail address at work."""
    direct_phone: float = 10
    """Points for a lead with a phone number."""
    role_mailbox: float = 10
    """Points for a mailbox like info@ on its website."""
    switchboard: float = 10
    """Points for a phone number on its website."""

    @model_validator(mode="after")
    def _hundred(self) -> Self:
        points = (
            self.person_in_buying_role,
            self.work_email,
            self.direct_phone,
            self.role_mailbox,
            self.switchboard,
        )
        if min(points) < 0 or abs(sum(points) - 100) > 1e-9:
            raise ValueError("the points of reach must not be negative and must add up to 100")
        return self


def buying_role_rows(reach: Reach) -> Iterator[dict[str, Any]]:
    """Yield the rows of raw.icp_buying_role: who has which role, a row for each spelling, in the order of the file."""
    held = ((role, each, word) for role, holders in reach.buying_roles.items() for each in holders for word in each.spelled)
    for position, (role, each, word) in enumerate(held):
        yield {
            "position": position,
            "role": role,
            "word": word,
            "functions": list(each.function),
            "seniorities": list(each.seniorities),
            "says": f"icp.yaml says {each} {role}",
        }
