from django.apps import AppConfig
from django.core import checks


class AgreementsConfig(AppConfig):
    name = "agreements"

    def ready(self):
        from agreements.seal_check import check_seal

        checks.register(check_seal, deploy=True)
