"""How allauth behaves in this house: it makes no accounts, and it keeps no secret readable."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class ClosedAccounts(DefaultAccountAdapter):
    """An administrator adds people; nobody signs up."""

    def is_open_for_signup(self, request):
        return False


class SealedSecrets(DefaultMFAAdapter):
    """Secrets of second factors are encrypted with a key of SECRET_KEY's making: a stolen backup gives none away."""

    def get_totp_label(self, user):
        return user.get_username()

    def encrypt(self, text):
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal():
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret):
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factor/" + secret.encode()).digest())
