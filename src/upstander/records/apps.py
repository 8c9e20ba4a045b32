from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "upstander.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from upstander.records import triggers

        from upstander.people import packs
        from upstander.records import upkeep

        packs.ask_whether_begun(upkeep.has_begun)
        packs.in_force_changed.connect(upkeep.after_a_version, dispatch_uid="records.versions")
        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="records.triggers")
