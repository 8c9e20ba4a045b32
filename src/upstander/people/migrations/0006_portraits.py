import uuid

import django.db.models.deletion
from django.db import migrations, models

import upstander.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_answers_stand_with_their_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Portrait",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("picture", upstander.vault.fields.SealedText()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="portrait", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="portraits", to="people.school"
                    ),
                ),
            ],
        ),
    ]
