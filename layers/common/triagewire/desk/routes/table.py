"""All routes of the desk API for people who have signed in."""

from triagewire.desk.api import Route
from triagewire.desk.routes import acts, presence, queues, tickets

ROUTES: tuple[Route, ...] = (
    *queues.ROUTES,
    *presence.ROUTES,
    *tickets.ROUTES,
    *acts.ROUTES,
)
