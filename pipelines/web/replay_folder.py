"""A shelf of plain files that a person can edit: `<host>/…`, laid out as static web servers read them.

Here: which file answers for a URL, and the host's own `_redirects`. Nothing outside the host's folder is ever read. Elsewhere:
recorded archives (`web.replay_warc`), following redirects (`web.web`).
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipelines.domains import ascii_host
from pipelines.errors import Stop
from pipelines.records import Response

REDIRECTS = "_redirects"
NOT_FOUND = "404.html"
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/json",
    ".txt": "text/plain",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of `_redirects`: `origin` may end in `*`, which `:splat` in `target` repeats."""

    origin: str
    target: str
    status: int

    def leads(self, path: str) -> str | None:
        if self.origin.endswith("*") and path.startswith(self.origin[:-1]):
            return self.target.replace(":splat", path[len(self.origin) - 1 :])
        return self.target if path.rstrip("/") == self.origin.rstrip("/") else None


class ReplayFolder:
    """Answers from files, as of one moment. A host without a folder is not known here; a file that is missing is a 404."""

    def __init__(self, folder: Path, as_of: datetime) -> None:
        self._as_of = as_of
        self._root = folder.resolve()
        self._hosts = {ascii_host(each.name): each for each in sorted(folder.iterdir()) if each.is_dir()}

    def holds(self, host: str) -> bool:
        """Say whether there is a folder for the host."""
        return self._folder(host) is not None

    def find(self, url: str) -> Response | None:
        """Return the file's response, a redirect or a 404, or None when there is no folder for the host."""
        parts = urlsplit(url)
        folder = self._folder(parts.hostname or "")
        if folder is None:
            return None
        file = _file(folder, parts.path)
        if file is not None:
            return self._response(url, 200, file)
        return self._redirected(url, folder, unquote(parts.path) or "/") or self._response(url, 404, _file(folder, NOT_FOUND))

    def _folder(self, host: str) -> Path | None:
        """Return the host's folder, with or without `www.`, unless it lies elsewhere."""
        name = ascii_host(host) or ""
        for each in (name, name.removeprefix("www."), f"www.{name}"):
            folder = self._hosts.get(each)
            if folder is not None and folder.resolve().is_relative_to(self._root):
                return folder
        return None

    def _redirected(self, url: str, folder: Path, path: str) -> Response | None:
        for rule in _rules(folder):
            target = rule.leads(path)
            if target is not None and 300 <= rule.status < 400:
                return Response(url, rule.status, (("Location", target),), b"", self._as_of)
            if target is not None:
                return self._response(url, rule.status, _file(folder, target))
        return None

    def _response(self, url: str, status: int, file: Path | None) -> Response:
        body = file.read_bytes() if file is not None else b""
        return Response(url, status, (("Content-Type", _content_type(file, body)),), body, self._as_of)


def _file(folder: Path, path: str) -> Path | None:
    """Return the file that answers for the path, or None; never one outside the folder or the redirects themselves."""
    if "%2f" in path.lower() or "%5c" in path.lower():
        return None
    name = unquote(path).strip("/")
    if "\0" in name or "\\" in name or len(name.encode("utf-8", "replace")) > 1024 or ".." in name.split("/"):
        return None
    tries = (
        (name, f"{name}.html", f"{name}/index.html")
        if name and not path.endswith("/")
        else (f"{name}/index.html", f"{name}.html")
    )
    for each in tries:
        file = folder / each.strip("/")
        if _is_inside(file, folder.resolve()) and each != REDIRECTS:
            return file
    return None


def _is_inside(file: Path, root: Path) -> bool:
    """Say whether it is a file that really lies in the folder, links followed."""
    try:
        return file.is_file() and file.resolve().is_relative_to(root)
    except OSError:  # a name too long for the file system
        return False


def _rules(folder: Path) -> list[_Rule]:
    """Return the rules of `_redirects`; raises `Stop` naming a line that is none."""
    file = folder / REDIRECTS
    if not _is_inside(file, folder.resolve()):
        return []
    rules = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        words = line.split(" #")[0].split() if not line.startswith("#") else []
        status = words[2] if len(words) == 3 else "301"
        if words and (len(words) not in (2, 3) or not status.isdecimal()):
            raise Stop(f"{file}, line {number}: write `FROM TO [STATUS]`, for example `/jobs /careers 301`.")
        if words:
            rules.append(_Rule(words[0], words[1], int(status)))
    return rules


def _content_type(file: Path | None, body: bytes) -> str:
    """Return the type by the file's extension, and the charset where the bytes leave no doubt."""
    suffix = file.suffix.lower() if file is not None else ".html"
    bare = "text/html" if body.lstrip().startswith(b"<") else "text/plain"
    kind = _TYPES.get(suffix, "application/octet-stream") if suffix else bare
    return f"{kind}; charset=utf-8" if kind.startswith("text/") and _is_utf8(body) else kind


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
