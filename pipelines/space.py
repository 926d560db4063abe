"""Room on the disk: how much there is, how much a run needs, and a sentence instead of a run that would not come to its end.

Here: measuring and refusing. Elsewhere: how much has to stay free at least (`settings`), who asks before what
(`stages`, `doctor`).
"""

import shutil
from pathlib import Path

from pipelines.errors import Stop
from pipelines.home import Home

TIMES = 3
"""How many times what it makes a run needs: rows of before and now lie in one file for a while, and a release beside both."""
_GIB = 1024**3


def free(home: Home) -> int:
    """Return how many bytes are free where the home is, or would be made."""
    place = home.folder.absolute()
    return shutil.disk_usage(next(each for each in (place, *place.parents) if each.exists())).free


def needed(home: Home, least: int) -> int:
    """Return how many bytes a run needs: `least`, or more where the last one made much."""
    return max(least, TIMES * max(_size(home.warehouse), _size(home.current)))


def hold(home: Home, bytes_needed: int) -> None:
    """Raise `Stop` when there is less room than that."""
    found = free(home)
    if found < bytes_needed:
        raise Stop(
            f"{home.folder} has {found / _GIB:.2f} GiB of room left and needs {bytes_needed / _GIB:.2f}; what is published "
            "stands, what came is kept: make room and run again, or say another storage.least_free_bytes in settings.yaml."
        )


def _size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; 0 where there is none."""
    paths = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in paths if each.is_file())
