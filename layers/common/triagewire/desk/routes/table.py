"""All routes of the desk API for people who have signed in."""

from triagewire.desk.api import Route
from triagewire.desk.routes import (
    acts,
    articles,
    emergency,
    me,
    measures,
    openapi,
    presence,
    queues,
    replies,
    retention,
    satisfaction,
    search,
    sessions,
    tickets,
)

ROUTES: tuple[Route, ...] = (
    *openapi.ROUTES,
    *me.ROUTES,
    *sessions.ROUTES,
    *emergency.ROUTES,
    *queues.ROUTES,
    *presence.ROUTES,
    *satisfaction.ROUTES,
    *articles.ROUTES,
    *measures.ROUTES,
    *search.ROUTES,
    *tickets.ROUTES,
    *acts.ROUTES,
    *replies.ROUTES,
    *retention.ROUTES,
)
