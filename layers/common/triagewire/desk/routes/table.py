"""All routes of the desk API for people who have signed in."""

from triagewire.desk.api import Route
from triagewire.desk.routes import acts, presence, queues, sessions, tickets

ROUTES: tuple[Route, ...] = (
    *sessions.ROUTES,
    *queues.ROUTES,
    *presence.ROUTES,
    *tickets.ROUTES,
    *acts.ROUTES,
)
