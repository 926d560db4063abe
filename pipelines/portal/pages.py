"""Pages out of templates: everything scraped is text there, whatever it says.

Here: the one way to a page, and the words templates have for values. Elsewhere: the templates (`templates`, `doors/templates`),
the values (`app`).
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipelines.portal import wording
from pipelines.show import MEANING
from pipelines.text import cut

_HERE = Path(__file__).parent
_FOLDERS = [_HERE / "templates", _HERE / "doors" / "templates"]
templates = Environment(
    loader=FileSystemLoader(_FOLDERS),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
templates.filters.update(
    cut=cut,
    day=wording.day,
    figure=wording.figure,
    listed=wording.listed,
    moment=wording.moment,
    points=wording.points,
    share=wording.share,
    spoken=lambda value, name="": wording.spoken(name, value),
)
templates.globals.update(several=wording.several, meaning=MEANING)
templates.tests.update(leads_out=wording.leads_out)


def ready() -> None:
    """Read all templates, so that whoever comes first does not wait for that."""
    for name in templates.list_templates():
        templates.get_template(name)


def page(request: Request, name: str, **values: object) -> Response:
    """Return a page; templates know the user, the token for forms, and where they are."""
    user, csrf = getattr(request.state, "user", None), getattr(request.state, "csrf", "")
    return HTMLResponse(templates.get_template(name).render(user=user, csrf=csrf, path=request.url.path, **values))
