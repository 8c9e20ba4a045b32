import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_demo_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="school",
            name="policy",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.CreateModel(
            name="PackFiles",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("files", models.JSONField()),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PackInForce",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("pack", models.CharField(max_length=100)),
                ("version", models.CharField(max_length=60)),
                ("answers", models.JSONField(default=dict)),
                ("from_date", models.DateField()),
                ("by_person", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "files",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.packfiles",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs_in_force",
                        to="people.school",
                    ),
                ),
            ],
            options={
                "ordering": ["from_date", "made_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="packfiles",
            constraint=models.UniqueConstraint(fields=("school", "digest"), name="pack_files_once"),
        ),
        migrations.AddIndex(
            model_name="packinforce",
            index=models.Index(fields=["school", "from_date"], name="people_pack_school__a46fa2_idx"),
        ),
    ]
