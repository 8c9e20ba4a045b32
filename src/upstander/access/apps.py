from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "upstander.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from upstander.access import sessions

        user_logged_in.connect(sessions.note, dispatch_uid="access.sessions")
