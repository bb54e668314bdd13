"""Naming the people of a line: who oversees it, who collects its data; as its sheet had named them."""

from agreements.models import Line, LineCollector


def name_people(line, *, overseer=None, collectors=()):
    """The first collector carries the score. `line`: its id."""
    Line.objects.filter(pk=line).update(overseer=overseer)
    LineCollector.objects.filter(line=line).delete()
    for position, user in enumerate(collectors, 1):
        LineCollector.objects.create(line_id=line, user=user, position=position, carries_score=position == 1)
