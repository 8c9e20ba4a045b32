"""The office's log, new links asked for, and which cards carry their words in the address of their QR code."""

import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_old_cards(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Every card that was printed before has its words in the path."""
    apps.get_model("access", "Card").objects.update(words_in_path=True)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_cards"), ("people", "0002_demo_clock")]

    operations = [
        migrations.AddField("card", "words_in_path", models.BooleanField(default=False)),
        migrations.RunPython(mark_old_cards, migrations.RunPython.noop),
        migrations.CreateModel(
            name="OfficeEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("deed", models.CharField(max_length=30)),
                ("person", models.UUIDField(null=True)),
                ("by", models.UUIDField(null=True)),
                ("role", models.CharField(blank=True, default="", max_length=80)),
                ("unit", models.CharField(blank=True, default="", max_length=60)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["school", "at"], name="access_offi_school__idx")]},
        ),
        migrations.CreateModel(
            name="NewLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("without_phone", models.BooleanField(default=False)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)), fields=("person",), name="new_link_asked_once"
                    )
                ]
            },
        ),
    ]
