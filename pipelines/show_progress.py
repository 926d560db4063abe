"""How far a run has come, as it is shown while it runs.

Here: a bar with the time left on a terminal; a line a minute where there is none, such as in the log of a scheduler. Elsewhere:
what is counted (`web.tally`), what is shown when a run is over (`show`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column

from pipelines.job import Progress as Show

EVERY_SECONDS = 60.0


@contextmanager
def shown(console: Console) -> Iterator[Show]:
    """Give a function that shows what is being done, how many are done, and of how many."""
    if not console.is_terminal:
        yield _lines(console)
        return
    told = TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"))
    with Progress(BarColumn(20), MofNCompleteColumn(), TimeRemainingColumn(), told, console=console, transient=True) as bar:
        task = bar.add_task("taking leads in", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)


def _lines(console: Console) -> Callable[[str, int, int], None]:
    """Return a function that prints a line a minute; a run that is over before prints none."""
    last = console.get_time()

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last
        if console.get_time() - last >= EVERY_SECONDS:
            last = console.get_time()
            console.print(f"{done:,} of {of:,} organizations: {what}", markup=False)

    return tell
