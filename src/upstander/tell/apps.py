from django.apps import AppConfig


class TellConfig(AppConfig):
    name = "upstander.tell"
    label = "tell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from upstander.records.keeping import destroying
        from upstander.tell import actions

        destroying.destroyed.connect(actions.forget_receipts, dispatch_uid="tell.receipts")
