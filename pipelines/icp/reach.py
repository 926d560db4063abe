"""What icp.yaml says of reach: whom we want to talk to, and what each way to them is worth.

Here: the buying roles and the points as a frozen type. Elsewhere: which ways are open at an organization (sql/core/reach.sql).
"""

from typing import Self

from pydantic import model_validator

from pipelines.documents import Document
from pipelines.icp.rules import Words


class Reach(Document):
    """Which job titles decide or influence, and what each way to reach them is worth; the points add up to 100."""

    buying_roles: Words
    """Words of job titles of those who decide or influence."""
    person_in_buying_role: float = 45
    """Points for a lead with such a title."""
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
