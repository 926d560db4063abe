"""What icp.yaml says of signals: dated events worth knowing.

Here: a signal as a frozen type. Elsewhere: finding them among the facts (sql/core/signal.sql).
"""

from typing import Annotated

from pydantic import Field

from pipelines.documents import Document
from pipelines.icp.rules import Id, Words


class Signal(Document):
    """A dated event worth knowing: a fact of `property` whose value contains one of the words; it halves every so many days."""

    id: Id
    property: str = "opening"
    matches: Words
    means: str
    half_life_days: Annotated[int, Field(gt=0)] = 90
