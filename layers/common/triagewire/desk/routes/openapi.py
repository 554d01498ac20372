"""The description of this API."""

from functools import cache
from typing import Any

from triagewire.desk.api import Call, Route, View
from triagewire.settings import settings


def show_openapi(_call: Call) -> View:
    """Describe this API: an OpenAPI 3.1 document."""
    return _made(settings().desk_url)


@cache
def _made(url: str) -> View:
    from triagewire.desk.openapi import document  # noqa: PLC0415  seldom asked, and costs a start
    from triagewire.desk.routes.table import ROUTES as EVERY  # noqa: PLC0415  it has this route too

    return document(EVERY, url)


ROUTES = (Route("GET", "/desk/openapi.json", show_openapi, gives=dict[str, Any]),)
