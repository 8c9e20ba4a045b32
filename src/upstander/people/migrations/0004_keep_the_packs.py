"""What each school ran so far becomes its first version, with the files as they stand and the school's answers."""

import hashlib
import json

from django.db import migrations
from django.utils import timezone


def keep(apps, schema_editor):
    from upstander.policy import loader

    School = apps.get_model("people", "School")
    PackFiles = apps.get_model("people", "PackFiles")
    PackInForce = apps.get_model("people", "PackInForce")
    for school in School.objects.all():
        source = loader.source_of(school.pack)
        pack, _problems = loader.check_source(source, school.pack_answers)
        if pack is None:
            # A pack that cannot be loaded ran nowhere; the school's pages say so, as they did before.
            continue
        data = source.data()
        digest = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        row = PackInForce.objects.create(
            school=school,
            pack=pack.id,
            version=pack.version,
            files=PackFiles.objects.create(school=school, digest=digest, files=data),
            answers=school.pack_answers,
            from_date=pack.in_force_from,
            made_at=timezone.now(),
        )
        said = [[str(row.id), row.pack, str(row.from_date), row.answers]]
        school.policy = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        school.save(update_fields=["policy"])


def answers_back(apps, schema_editor):
    School = apps.get_model("people", "School")
    PackInForce = apps.get_model("people", "PackInForce")
    for school in School.objects.all():
        newest = PackInForce.objects.filter(school=school, withdrawn_at=None).order_by("from_date", "made_at").last()
        if newest is not None:
            school.pack_answers = newest.answers
            school.save(update_fields=["pack_answers"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_packs_in_force"),
    ]

    operations = [migrations.RunPython(keep, answers_back)]
