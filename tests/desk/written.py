"""What a request writes in the database."""

import re
from contextlib import contextmanager

from django.db import connection

WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


@contextmanager
def written_by():
    """Collects the statements that write, but for the session's own."""
    found = []

    def watch(execute, sql, params, many, context):
        if WRITING.match(sql) and "django_session" not in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found
