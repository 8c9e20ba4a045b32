from django.apps import AppConfig


class SchoolConfig(AppConfig):
    name = "upstander.school"
    label = "school"
    default_auto_field = "django.db.models.BigAutoField"
