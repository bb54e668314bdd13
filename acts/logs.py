"""What every line of the logs bears, so that it can be found: the request, who asked, which route; or which job.

A line says numbers and names of routes, never what a person typed.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any

NOTHING = "-"

# The request that is being answered, and the name of the job that a worker is at.
current_request: ContextVar[Any] = ContextVar("current_request", default=None)
current_job: ContextVar[str] = ContextVar("current_job", default=NOTHING)


class ContextFilter(logging.Filter):
    """Logging filter: `%(request_id)s`, `%(person)s` (the user's id), `%(route)s` and `%(job)s` in every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs an answer of 4xx after the middleware is through, but with the request.
        given = getattr(record, "request", None)
        request = given if hasattr(given, "id") else current_request.get()
        record.request_id = getattr(request, "id", NOTHING)
        # Only who is known already: a line in the log asks nothing of the database.
        record.person = getattr(getattr(request, "_cached_user", None), "pk", None) or NOTHING
        record.route = getattr(getattr(request, "resolver_match", None), "view_name", None) or NOTHING
        record.job = current_job.get()
        return True
