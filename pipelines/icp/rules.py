"""One rule of icp.yaml: what it looks at, what it compares with, what a yes is worth.

Here: the test and the rule as frozen types. Elsewhere: the whole profile and whether its parts fit together (`icp`), and the
verdict on an organization (sql/core/answer.sql).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipelines.documents import Document

Closer = Literal["research", "marketing", "sales", "time"]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]
Words = Annotated[tuple[Annotated[str, Field(min_length=2)], ...], Field(min_length=1)]


OPERATORS = ("is", "in", "has", "lacks", "mentions", "between", "at_least", "at_most", "within_days", "changed_by")


def _written(value: object) -> object:
    """Take a number for the text it is; a yes or no that YAML made of a word stays wrong."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else value


class Test(Document):
    """One operator and what it compares with; exactly one of them is given.

    `is`, `in`: the value is this, one of these. `has`: one of these is among the values. `lacks`: none of these is. `mentions`:
    one of these phrases stands in a value. `between`: low and high, both included. `at_least`, `at_most`: a number.
    `within_days`: the newest dated value is at most this old. `changed_by`: in the year before, the number rose by at least this,
    or fell where it is negative.
    """

    __test__ = False  # not a pytest class, whatever its name

    is_: Annotated[str, BeforeValidator(_written)] | None = Field(default=None, alias="is")
    in_: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(default=None, alias="in")
    has: Words | None = None
    lacks: Words | None = None
    mentions: Words | None = None
    between: tuple[float, float] | None = None
    at_least: float | None = None
    at_most: float | None = None
    within_days: Annotated[int, Field(gt=0)] | None = None
    changed_by: float | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        if len(self.model_fields_set) != 1 or getattr(self, next(iter(self.model_fields_set))) is None:
            raise ValueError(f"give exactly one of {', '.join(OPERATORS)}")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("between needs the lower bound first")
        if self.changed_by == 0:
            raise ValueError("changed_by needs a number above or below zero")
        return self

    @property
    def operator(self) -> str:
        """The operator's name as SQL knows it."""
        return str(next(iter(self.model_fields_set))).rstrip("_")

    @property
    def operands(self) -> tuple[str, ...]:
        """The words compared with, for the operators that take words."""
        if self.is_ is not None:
            return (self.is_,)
        return self.in_ or self.has or self.lacks or self.mentions or ()

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Low and high bound, for the operators that take numbers; days are a high bound of age, a fall one of change."""
        if self.between is not None:
            return self.between
        if self.changed_by is not None:
            return (self.changed_by, None) if self.changed_by > 0 else (None, self.changed_by)
        return self.at_least, self.at_most if self.within_days is None else float(self.within_days)


class Rule(Document):
    """One line of the profile. Exactly one of must, should, never maps a subject to its test.

    A subject is a property, `persona.<dimension>`, `persona.distance` or `signal.<id>`. A `must` that is no disqualifies in the
    rings market, profile and persona, and holds an organization back in problem and bullseye; a `should` only gives points; a
    `never` that is yes disqualifies. `silence: no` takes what is not mentioned, after enough was read, for a no; by default it
    is unknown.
    """

    id: Id
    must: Mapping[str, Test] | None = None
    should: Mapping[str, Test] | None = None
    never: Mapping[str, Test] | None = None
    weight: Annotated[float, Field(gt=0, le=100)] = 10
    because: Annotated[str, Field(min_length=8)]
    ask: str | None = None
    closes: Closer = "research"
    silence: Literal["no", "unknown"] = "unknown"
    half_life_days: Annotated[int, Field(gt=0)] | None = None

    @field_validator("silence", mode="before")
    @classmethod
    def _plain_no(cls, written: object) -> object:
        """Take YAML's `no`, which it reads as false, for the word it is."""
        return "no" if written is False else written

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in ("must", "should", "never") if getattr(self, kind) is not None]
        if len(given) != 1 or len(getattr(self, given[0])) != 1:
            raise ValueError(f"rule {self.id} needs exactly one of must, should, never, with one subject in it")
        return self

    @property
    def kind(self) -> str:
        """Which of must, should, never it is."""
        return next(kind for kind in ("must", "should", "never") if getattr(self, kind) is not None)

    @property
    def subject(self) -> str:
        """What it looks at."""
        return str(next(iter(getattr(self, self.kind))))

    @property
    def test(self) -> Test:
        """How it looks at it."""
        found: Test = getattr(self, self.kind)[self.subject]
        return found
