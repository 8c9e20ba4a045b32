from django.apps import AppConfig


class TellConfig(AppConfig):
    name = "upstander.tell"
    label = "tell"
    default_auto_field = "django.db.models.BigAutoField"
