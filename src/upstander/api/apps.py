from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "upstander.api"
    label = "api"
