"""What was opened in an emergency: by whom, about whom, why, until when, and who was told."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import upstander.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_office_log"),
        ("people", "0005_answers_stand_with_their_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by", models.UUIDField()),
                ("second", models.UUIDField()),
                ("reason", upstander.vault.fields.SealedText(blank=True, default=b"")),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                "indexes": [models.Index(fields=["school", "by", "until"], name="access_emergency_by_idx")],
            },
        ),
    ]
