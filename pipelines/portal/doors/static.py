"""The files that anybody may have: the page's style and pictures.

Here: reading them once, by a list of what is there, so that no request ever names a path. Elsewhere: the files (`portal/static`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

KINDS = {".css": "text/css; charset=utf-8", ".ico": "image/x-icon", ".png": "image/png", ".svg": "image/svg+xml"}
_KEPT = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, as it is sent; `tag` changes when it does."""

    content: bytes
    kind: str
    tag: str


def read_static(folder: Path) -> Mapping[str, StaticFile]:
    """Return path -> file, for the files of the kinds we use that lie in the folder itself; links are none."""
    found = [path for path in sorted(folder.glob("*")) if path.suffix in KINDS and path.is_file() and not path.is_symlink()]
    return {f"/static/{path.name}": _file(path) for path in found}


def answer(file: StaticFile, request: Request) -> Response:
    """Return a file, or that it is still as the browser has it."""
    headers = {"Cache-Control": _KEPT, "ETag": file.tag}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.kind, headers=headers)


def _file(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, KINDS[path.suffix], f'"{sha256(content).hexdigest()[:16]}"')
