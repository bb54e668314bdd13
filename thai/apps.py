from django.apps import AppConfig


class ThaiConfig(AppConfig):
    name = "thai"
