from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_keep_the_packs"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="school",
            name="pack_answers",
        ),
    ]
