"""Letters to people, where a mail server is set; whatever they say is shown on the screen as well."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.language import in_language_of

NOT_SENT, SENT, FAILED = "", "sent", "failed"
log = logging.getLogger(__name__)


def mail_link(person, link):
    """Mail the link to set a password: SENT, FAILED, or NOT_SENT for want of an address or a mail server."""
    if not person.email or not settings.MAILS_GO_OUT:
        return NOT_SENT
    with in_language_of(person):
        subject = _("Set your password for Performance Agreements")
        text = render_to_string(
            "desk/letters/link.txt", {"person": person, "link": link, "days": settings.INVITATION_DAYS}
        )
    try:
        send_mail(subject, text, None, [person.email])
    except (SMTPException, OSError) as error:
        log.warning("Mail to person %s was not sent: %s", person.pk, type(error).__name__)
        return FAILED
    return SENT
