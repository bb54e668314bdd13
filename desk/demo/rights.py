"""Rights of the demonstration beyond everybody's own: a group with a role, a role for a time, and one that has ended."""

from datetime import timedelta

from django.contrib.auth.models import Group

from accounts.models import User
from acts.log import THE_SYSTEM
from orgunits.grants import grant, withdraw
from orgunits.models import GroupHome, OrgUnit
from orgunits.roles import Role

GROUP = "คณะทำงานติดตามตัวชี้วัด สตม."


def share_rights(*, now, today):
    """Made once; a second time they are left as they stand."""
    if Group.objects.filter(name=GROUP).exists():
        return
    imm, division = (OrgUnit.objects.get(code=code) for code in ("IMM", "IMM-GS"))
    jintana, adisorn, ekkachai = (User.objects.get(username=name) for name in ("jintana", "adisorn", "ekkachai"))
    group = Group.objects.create(name=GROUP)
    GroupHome.objects.create(group=group, unit=imm)
    group.user_set.add(jintana, adisorn)
    grant(group, Role.AUDITOR, imm, by=THE_SYSTEM, at=now)
    until = today + timedelta(days=45)
    grant(jintana, Role.OFFICE, division, since=today - timedelta(days=15), until=until, by=THE_SYSTEM, at=now)
    given, ended = now - timedelta(days=90), now - timedelta(days=30)
    grant(ekkachai, Role.STAFF, division, since=today - timedelta(days=90), by=THE_SYSTEM, at=given)
    withdraw(ekkachai, Role.STAFF, division, by=THE_SYSTEM, at=ended)
