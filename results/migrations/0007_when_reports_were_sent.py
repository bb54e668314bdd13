"""When each report was sent first, by the log; where the log doesn't go back so far, since when it stands as it does."""

from django.db import migrations


def from_the_log(apps, schema_editor):
    Entry, Report = apps.get_model("acts", "Entry"), apps.get_model("results", "Report")
    sent = {}
    entries = Entry.objects.filter(act="report.send", object_kind="results.report").order_by("-sequence")
    for report, at in entries.values_list("object_id", "at"):
        sent[report] = at  # the first one stays
    for report in Report.objects.all():
        at = sent.get(str(report.pk)) or (None if report.stage == "draft" else report.stage_since)
        if at:
            Report.objects.filter(pk=report.pk).update(sent_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("acts", "0002_published_head"),
        ("results", "0006_rounds_as_data"),
    ]

    operations = [migrations.RunPython(from_the_log, migrations.RunPython.noop)]
