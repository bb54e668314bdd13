"""The second step of signing in, as a backend, so that axes counts it and locks it as it does passwords."""

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from accounts import second_factor


class SecondFactorBackend(ModelBackend):
    """`authenticate(request, username=…, one_time_code=…, after_password=user)`: `user`, if the code proves them.

    `after_password` is the person whose password was right, moments ago; without one it opens nothing. How the code
    proved them stands in `request.second_factor`.
    """

    def authenticate(self, request, username=None, password=None, *, one_time_code=None, after_password=None, **kwargs):
        if one_time_code is None or after_password is None or not self.user_can_authenticate(after_password):
            return None
        request.second_factor = second_factor.check(after_password, one_time_code, at=timezone.now())
        return after_password if request.second_factor else None
