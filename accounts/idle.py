"""A session ends when nobody has used it for a while (`SESSION_COOKIE_AGE`).

Each use would write it anew, a write for every page that is only read; so it is written once in `RENEWED_EVERY`, and
ends at most that much before its time.
"""

import time

from django.utils.deprecation import MiddlewareMixin

RENEWED_EVERY = 60
_RENEWED_AT = "renewed_at"


class IdleMiddleware(MiddlewareMixin):
    """Keeps a session alive while it is used. Stands after SessionMiddleware, which saves what is changed here."""

    def process_response(self, request, response):
        if response.status_code >= 500:
            return response
        session, now = request.session, int(time.time())
        if not session.is_empty() and not 0 <= now - session.get(_RENEWED_AT, 0) < RENEWED_EVERY:
            session[_RENEWED_AT] = now
        return response
