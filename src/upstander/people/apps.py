from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "upstander.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from upstander.people import walls

        connection_created.connect(walls.watch, dispatch_uid="people.walls")
