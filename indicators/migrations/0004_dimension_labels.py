"""Dimensions so far stood in no tree: each is called by its number."""

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Cast


def name_by_number(apps, schema_editor):
    rows = apps.get_model("indicators", "Dimension").objects.filter(label="")
    rows.update(label=Cast(F("number"), models.CharField(max_length=20)))


class Migration(migrations.Migration):

    dependencies = [
        ("indicators", "0003_framework_tree_and_scale"),
    ]

    operations = [
        migrations.RunPython(name_by_number, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="dimension",
            constraint=models.UniqueConstraint(fields=("framework", "label"), name="one_dimension_per_label"),
        ),
    ]
