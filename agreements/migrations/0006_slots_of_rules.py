"""The rules that are there already get the places of signatures that they had by the handbook."""

from django.db import migrations


def give_slots(apps, _schema_editor):
    rule_model, slot_model = apps.get_model("agreements", "SigningRule"), apps.get_model("agreements", "SigningSlot")
    for rule in rule_model.objects.filter(slots=None):
        receivers = ["head", "deputy"] if rule.superior == "prime_minister" else ["head"]
        slot_model.objects.create(rule=rule, side="maker", kinds=["head"])
        slot_model.objects.create(rule=rule, side="receiver", kinds=receivers)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_signing_slots")]

    operations = [migrations.RunPython(give_slots, migrations.RunPython.noop)]
