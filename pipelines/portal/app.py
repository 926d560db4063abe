"""The page's addresses, and what each shows.

Here: the routes, all of which only look. Elsewhere: what is asked of the release (`overview`, `table`, `organization`,
`downloads`), how it is said (`pages`), who may see it (`doors`).
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.home import Home
from pipelines.portal import overview
from pipelines.portal.dictionary import described
from pipelines.portal.downloads import WAYS, pack
from pipelines.portal.opened import Opened, Release
from pipelines.portal.organization import everything
from pipelines.portal.pages import page, ready
from pipelines.portal.selection import FILTERS, selected
from pipelines.portal.sending import Sent
from pipelines.portal.table import ROWS, counted, page_of
from pipelines.questions import is_outdated
from pipelines.release.layouts import LAYOUTS

MOST_MOVES_IN_FRONT, MOST_CHOICES = 12, 200
"""Moves told on the front page; values of a filter that are offered, most frequent first."""
View = Callable[[Request, Release, dict[str, object]], Response]


def opened(home: Home) -> Opened:
    """Return the current release of a home, as the views read it."""
    return Opened(home)


def views(opened: Opened) -> list[Route]:
    """Return the routes, each of them named, none of which changes anything."""
    ready()
    shown = {
        "/": (front, "front"),
        "/organizations": (organizations, "organizations"),
        "/organizations/{organization_id}": (organization, "organization"),
        "/quality": (quality, "quality"),
        "/moved": (moved, "moved"),
        "/dictionary": (dictionary, "dictionary"),
    }
    pages = [Route(path, _view(opened, view), name=name, methods=["GET"]) for path, (view, name) in shown.items()]

    async def download(request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(405, "A download is asked for as a whole.")
        asked = request.query_params.multi_items()
        return Sent(request, await run_in_threadpool(pack, opened, request.path_params["file"], asked))

    return [*pages, Route("/download/{file}", download, name="download", methods=["GET"])]


def front(request: Request, release: Release, given: dict[str, object]) -> Response:
    """Show the bull's-eye, how good and how fresh everything is, and who moved."""
    changes = overview.moves(release)
    return page(
        request,
        "front.html",
        **given,
        drawing=overview.picture(release),
        rings=overview.rings(release),
        promises=overview.promises(release),
        sources=overview.sources(release),
        lists=overview.lists(release),
        changes=changes,
        moves=changes["moves"][:MOST_MOVES_IN_FRONT] if changes else [],
    )


def organizations(request: Request, release: Release, given: dict[str, object]) -> Response:
    """Show the organizations somebody selects."""
    selection = selected(request.query_params.multi_items(), overview.known(release))
    shown = f"page {selection.address(page=selection.page)}"
    rows = release.once(shown, lambda reader: page_of(reader, selection))
    count = release.once(f"count {selection.query}", lambda reader: counted(reader, selection))
    if not rows and selection.page > 1:
        raise HTTPException(404, "There are not so many pages of this; begin with page 1.")
    return page(
        request,
        "organizations.html",
        **given,
        selection=selection,
        count=count,
        rows=rows,
        pages=-(-count["organizations"] // ROWS),
        first=(selection.page - 1) * ROWS + 1,
        filters=FILTERS.values(),
        values={name: _offered(each, selection.values(name)) for name, each in overview.values(release).items()},
        ways=WAYS.values(),
    )


def organization(request: Request, release: Release, given: dict[str, object]) -> Response:
    """Show one organization."""
    key = request.path_params["organization_id"]
    about = release.once(f"organization {key}", lambda reader: everything(reader, key))
    if about is None:
        raise HTTPException(
            404, "This release has no such organization; it may have been in an earlier one, or be one with another."
        )
    return page(request, "organization.html", **given, **about)


def quality(request: Request, release: Release, given: dict[str, object]) -> Response:
    """Show every promise and what came of it, the sources and the lists."""
    tables = sorted({each["table"] for each in release.verdicts})
    by_table = {table: [each for each in release.verdicts if each["table"] == table] for table in tables}
    told = {"promises": overview.promises(release), "sources": overview.sources(release), "lists": overview.lists(release)}
    return page(request, "quality.html", **given, **told, by_table=by_table)


def moved(request: Request, release: Release, given: dict[str, object]) -> Response:
    """Show who moved since the release before."""
    return page(request, "moved.html", **given, changes=overview.moves(release), most=overview.MOST_MOVES)


def dictionary(request: Request, release: Release, given: dict[str, object]) -> Response:
    """Show what every table and column means."""
    tables = release.once("dictionary", described)
    return page(request, "dictionary.html", **given, tables=tables, layouts=LAYOUTS.values())


def _view(opened: Opened, view: View) -> Callable[[Request], Response]:
    """Return an endpoint that lends a view the current release; it runs in a thread of its own."""

    def endpoint(request: Request) -> Response:
        with opened.reading() as release:
            return view(request, release, {"release": release, "is_outdated": is_outdated(opened.home, release.manifest)})

    return endpoint


def _offered(rows: list[dict[str, object]], chosen: tuple[str, ...]) -> dict[str, object]:
    """Return the values of a filter that are offered: the most frequent, those that are chosen, and how many more there are."""
    offered = [row for place, row in enumerate(rows) if place < MOST_CHOICES or row["value"] in chosen]
    return {"offered": offered, "more": len(rows) - len(offered)}
