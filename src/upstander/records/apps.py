from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "upstander.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from upstander.records import triggers

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="records.triggers")
