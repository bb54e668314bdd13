"""What a password must be, said so that a person can mend it."""

from django.contrib.auth import password_validation as usual
from django.utils.translation import gettext as _


class LongEnough(usual.MinimumLengthValidator):
    def get_error_message(self):
        return _("The password is too short: it needs at least %(min_length)d characters.") % {
            "min_length": self.min_length
        }

    def get_help_text(self):
        return _("At least %(min_length)d characters; a short sentence is easy to remember and hard to guess.") % {
            "min_length": self.min_length
        }


class NotLikeTheName(usual.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return _("The password is too much like your name or user name.")

    def get_help_text(self):
        return _("Not like your name, user name or e-mail address.")


class NotCommon(usual.CommonPasswordValidator):
    def get_error_message(self):
        return _("This password is used by many people and is guessed first. Please choose another.")

    def get_help_text(self):
        return _("Not one that many people use.")


class NotDigitsAlone(usual.NumericPasswordValidator):
    def get_error_message(self):
        return _("The password may not be made of digits alone.")

    def get_help_text(self):
        return _("Not digits alone.")
