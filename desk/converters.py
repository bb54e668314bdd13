"""What an address may hold."""

from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    """A code. PostgreSQL takes no text with a null character, so an address with one leads nowhere."""

    regex = "[^/\0]+"
