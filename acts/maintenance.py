"""Closed for maintenance: a file says so, because the database may be the very thing that is worked on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from acts.views import closed

GetResponse = Callable[[HttpRequest], HttpResponse]

# Told to who asks when no end was given, or when it has passed: look again after so many seconds.
SOON = 60
# What stays open: whoever watches over the system must not think that it is dead.
OPEN = ("/health/",)


@dataclass(frozen=True)
class Maintenance:
    """`until`: when it is expected to end; `sentence`: what is being done, in the words of whoever closed it."""

    until: datetime | None = None
    sentence: str = ""

    def seconds_left(self, at: datetime) -> int:
        """How long to wait before looking again."""
        return max(SOON, int((self.until - at).total_seconds())) if self.until else SOON


def maintenance() -> Maintenance | None:
    """The maintenance that is on, or None."""
    try:
        said = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    until = said["until"] and datetime.fromisoformat(said["until"])
    return Maintenance(until or None, said["sentence"])


def begin(planned: Maintenance) -> None:
    """Close the system for everybody, from the next request on."""
    said = {"until": planned.until.isoformat() if planned.until else "", "sentence": planned.sentence}
    whole = _file().with_suffix(".new")
    whole.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    whole.replace(_file())


def end() -> None:
    """Open the system again."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return settings.VAR_DIR / "maintenance.json"


class MaintenanceMiddleware:
    """Answers everybody with the page of maintenance while it is on. Stands before anything that asks the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now_on = None if request.path_info.startswith(OPEN) else maintenance()
        if now_on is None:
            return self.get_response(request)
        left = now_on.seconds_left(timezone.now())
        return closed(request, until=now_on.until, sentence=now_on.sentence, retry_after=left)
