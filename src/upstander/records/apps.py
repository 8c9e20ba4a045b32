from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "upstander.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from upstander.people import packs
        from upstander.people.actions import people_changed
        from upstander.records import calendar_events, row_security, triggers, upkeep

        packs.ask_whether_begun(upkeep.has_begun)
        people_changed.connect(calendar_events.after_people_changed, dispatch_uid="records.people")
        packs.in_force_changed.connect(upkeep.after_a_version, dispatch_uid="records.versions")
        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="records.triggers")
        post_migrate.connect(row_security.after_migrate, sender=self, dispatch_uid="records.row_security")
