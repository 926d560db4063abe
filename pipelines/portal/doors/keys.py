"""What the gate and the login share.

Here: one value that holds it. Elsewhere: each of its parts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.portal.doors.doorway import Doorway
from pipelines.portal.doors.forgery import Token
from pipelines.portal.doors.limits import Attempts
from pipelines.portal.doors.sessions import Sessions
from pipelines.portal.doors.users import Users


@dataclass(frozen=True, slots=True)
class Keys:
    """How the page is reached, who may come in, who is in, who tried; `token` and `new_id` make what only this server can."""

    doorway: Doorway
    users: Users
    sessions: Sessions
    by_name: Attempts
    by_address: Attempts
    token: Token
    new_id: Callable[[], str]
    ticks: Callable[[], float]
