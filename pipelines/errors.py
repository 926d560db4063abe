"""The two loudnesses of trouble.

Here: the two exceptions every module raises on purpose. Elsewhere: what is done about them. `Skip` is caught in exactly
two places (intake, for a row; enrich, for a page) and becomes a row with its reason; `Stop` ends the run.
"""


class Skip(Exception):  # noqa: N818 - a skip is not an error, it is a row with a reason
    """This row or page cannot be used; the rest can.

    `reason` is a snake_case code that tables group by; `sentence` tells a person what was wrong and what to do.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason
        self.sentence = sentence


class Stop(Exception):  # noqa: N818 - reads as what it does
    """The run cannot go on. The message is one sentence that says what to do."""
