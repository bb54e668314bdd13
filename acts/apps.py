"""The engine's app: arms the append-only triggers and finds the jobs of every app."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class ActsConfig(AppConfig):
    name = "acts"

    def ready(self) -> None:
        from acts import append_only, daily

        autodiscover_modules("jobs")
        checks.register(append_only.check_triggers, checks.Tags.database)
        # Sent once per app, after every migration has run; ours alone is enough for the models of all apps.
        post_migrate.connect(append_only.arm_after_migrate, sender=self, dispatch_uid="acts.append_only")
        post_migrate.connect(daily.schedule_after_migrate, sender=self, dispatch_uid="acts.daily")
