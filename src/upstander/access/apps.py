from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "upstander.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.socialaccount.models import SocialAccount
        from django.contrib.auth.signals import user_logged_in, user_login_failed
        from django.db.models.signals import pre_save

        from upstander.access import providers, sessions

        user_logged_in.connect(sessions.note, dispatch_uid="access.sessions")
        user_login_failed.connect(sessions.note_failure, dispatch_uid="access.failures")
        pre_save.connect(providers.keep_nothing, sender=SocialAccount, dispatch_uid="access.providers")
