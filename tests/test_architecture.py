"""The floors hold: nothing knows what stands above it, by import or by name."""

from pathlib import Path

import pytest

from tests.floors import ARROWS, FLOORS, LOOK, House
from tests.house_rules import HOUSE_RULES

ROOT = Path(__file__).resolve().parent.parent
RULES = {rule.__name__: rule for rule in (*ARROWS, *HOUSE_RULES)}

# A small house in order, with one of everything that could be pointed at from below.
SOUND = {
    "thai/dates.py": "def be_year(date): ...",
    "thai/templatetags/thai.py": "",
    "acts/apps.py": "from django.db.models.signals import post_migrate",
    "acts/models.py": "class Entry(models.Model):\n    text = models.TextField()",
    "accounts/models.py": "class User(AbstractUser): ...",
    "agreements/models.py": (
        "from django.conf import settings\n"
        "from accounts.models import User\n"
        "class Agreement(models.Model):\n"
        "    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)\n"
        "class Line(models.Model):\n"
        "    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name='lines')\n"
    ),
    "agreements/urls.py": "app_name = 'agreements'",
    "agreements/views.py": "def page(request):\n    return render(request, 'agreements/page.html', {'of': line.lines.all()})",
    "results/models.py": (
        "from agreements.models import Line\n"
        "class Result(models.Model):\n"
        "    line = models.ForeignKey(Line, models.PROTECT, related_name='results_of_rounds')\n"
        "class Report(models.Model):\n"
        "    agreement = models.ForeignKey('agreements.Agreement', models.PROTECT)\n"
        "class Total(models.Model):\n"
        "    agreement = models.OneToOneField('agreements.Agreement', models.PROTECT)\n"
        "class Seen(models.Model):\n"
        "    agreement = models.ForeignKey('agreements.Agreement', models.PROTECT, related_name='+')\n"
    ),
    "workflow/models.py": (
        "class Offer(models.Model):\n"
        "    line = models.ForeignKey('agreements.Line', models.PROTECT, related_name='offers')\n"
    ),
    "desk/templatetags/desk_cards.py": "from agreements.models import Agreement",
    "desk/views.py": "def home():\n    line.results_of_rounds.filter(report__agreement=1); reverse('agreements:page')",
    "config/settings.py": "LOGIN_URL = 'accounts:sign_in'; MIDDLEWARE = ['desk.middleware.Here']",
    "templates/base.html": "{% load i18n %}{% block main %}{% endblock %}<script src='{{ script }}'></script>",
    "templates/parts/field.html": "{{ field }}",
    "templates/agreements/page.html": (
        "{% extends 'base.html' %}{% load thai %}{% include 'parts/field.html' %}{% url 'accounts:sign_in' %}"
        "{% if line.lines %}{% endif %}"
    ),
    "templates/desk/home.html": "{% load desk_cards %}{% url 'agreements:page' line.results_of_rounds.first.pk %}",
}

# rule, file, what is planted at its end
PLANTED = [
    ("imports_up", "agreements/rules.py", "from workflow.models import Offer"),
    ("imports_up", "agreements/rules.py", "import desk.views"),
    ("imports_up", "thai/text.py", "from acts import log"),
    ("imports_up", "acts/engine.py", "def late():\n    from accounts.models import User"),
    ("imports_up", "orgunits/tree.py", "if TYPE_CHECKING:\n    from agreements.models import Agreement"),
    (
        "strings_up",
        "agreements/models.py",
        "class A(models.Model):\n    o = models.ForeignKey('workflow.Offer', models.PROTECT)",
    ),
    ("strings_up", "agreements/migrations/0002_more.py", "models.ForeignKey(to='workflow.offer')"),
    ("strings_up", "agreements/write.py", "apps.get_model('workflow.Offer')"),
    ("strings_up", "agreements/write.py", "queue('workflow.remind', key='1')"),
    ("strings_up", "acts/jobs.py", "import_string('agreements.documents.render')"),
    ("strings_up", "accounts/views.py", "redirect('desk:home')"),
    ("strings_up", "accounts/views.py", "reverse(f'desk:{name}')"),
    ("strings_up", "agreements/views.py", "render(request, 'desk/home.html')"),
    ("strings_up", "agreements/templatetags/sheet.py", "@register.inclusion_tag('results/_row.html')\ndef row(): ..."),
    ("app_labels_up", "agreements/write.py", "apps.get_model('workflow', 'Offer')"),
    ("app_labels_up", "orgunits/grants.py", "ContentType.objects.get(app_label='agreements', model='line')"),
    ("app_labels_up", "agreements/migrations/0002_more.py", "dependencies = [('workflow', '0001_initial')]"),
    ("user_model_from_below", "acts/models.py", "x = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)"),
    ("user_model_from_below", "acts/log.py", "from django.contrib.auth import get_user_model\nUser = get_user_model()"),
    ("related_names_up", "agreements/rules.py", "line.results_of_rounds.all()"),
    ("related_names_up", "agreements/rules.py", "agreement.report_set.all()"),
    ("related_names_up", "agreements/rules.py", "agreement.total"),
    ("related_names_up", "agreements/rules.py", "Agreement.objects.filter(report__isnull=True)"),
    ("related_names_up", "agreements/rules.py", "Agreement.objects.exclude(Q(lines__results_of_rounds=None))"),
    ("related_names_up", "agreements/rules.py", "Line.objects.prefetch_related('results_of_rounds')"),
    ("related_names_up", "agreements/rules.py", "Line.objects.annotate(n=Count('results_of_rounds'))"),
    ("related_names_up", "agreements/rules.py", "Line.objects.order_by('-results_of_rounds__at')"),
    ("related_names_up", "templates/agreements/page.html", "{% for r in line.results_of_rounds.all %}{% endfor %}"),
    (
        "hidden_related_names",
        "workflow/models.py",
        "class A(models.Model):\n    a = models.ForeignKey('agreements.Line', models.PROTECT, related_name='lines')",
    ),
    ("templates_up", "templates/agreements/page.html", "{% url 'workflow:sign' 1 %}"),
    ("templates_up", "templates/agreements/page.html", "{% include 'workflow/_offer.html' %}"),
    ("templates_up", "templates/agreements/page.html", "{% extends 'desk/home.html' %}"),
    ("templates_up", "templates/agreements/page.html", "{% static 'desk/home.css' %}"),
    ("templates_up", "templates/agreements/page.html", "{% include 'parts/field.html' with to='desk:home' %}"),
    ("templates_up", "templates/parts/field.html", "{% url 'accounts:sign_in' %}"),
    ("templates_up", "templates/base.html", "{% include 'desk/_rail.html' %}"),
    ("tag_libraries_up", "templates/agreements/page.html", "{% load i18n desk_cards %}"),
    ("tag_libraries_up", "templates/base.html", "{% load desk_cards %}"),
    ("routes_without_namespace", "templates/desk/home.html", "{% url 'home' %}"),
    ("routes_without_namespace", "desk/urls.py", "app_name = 'home'"),
    ("routes_without_namespace", "desk/urls.py", "urlpatterns = []"),
    ("inline_code", "templates/desk/home.html", '<p style="width: 3px">'),
    ("inline_code", "templates/desk/home.html", "<style>p {}</style>"),
    ("inline_code", "templates/desk/home.html", "<script>go()</script>"),
    ("inline_code", "templates/desk/home.html", '<a onclick="go()">'),
    ("inline_code", "templates/desk/home.html", '<a href="javascript:go()">'),
    ("inline_code", "templates/desk/home.html", '<a hx-on:click="go()">'),
    ("inline_code", "templates/desk/home.html", '<a hx-vals="js:{a: go()}">'),
    ("inline_code", "templates/desk/home.html", '<a hx-trigger="click[ctrlKey]">'),
    ("packages_on_no_floor", "attic/__init__.py", ""),
    ("nameless_modules", "agreements/utils.py", ""),
    ("nameless_modules", "agreements/common/weights.py", ""),
    ("long_modules", "agreements/rules.py", "x = 1\n" * 701),
    ("signals", "agreements/apps.py", "from django.db.models.signals import post_save"),
    ("signals", "acts/apps.py", "from django.db.models.signals import post_save"),
    ("signals", "agreements/apps.py", "from django.dispatch import receiver"),
    ("signals", "agreements/apps.py", "models.signals.post_save.connect(go)"),
    ("rules_in_save", "agreements/models.py", "class A(models.Model):\n    def save(self): ..."),
    ("rights_asked_of_django", "agreements/rules.py", "user.has_perm('agreements.sign')"),
    ("rights_asked_of_django", "templates/agreements/page.html", "{% if perms.agreements.sign %}{% endif %}"),
]


@pytest.fixture(scope="module")
def house():
    return House(ROOT)


@pytest.mark.parametrize("rule", RULES)
def test_this_house_keeps_the_rule(house, rule):
    assert [str(violation) for violation in RULES[rule](house)] == []


def test_every_floor_and_its_templates_are_read(house):
    assert {module.floor for module in house.modules} == set(FLOORS)
    assert {page.floor for page in house.pages} >= {"desk", "agreements", LOOK}


@pytest.mark.parametrize("rule", RULES)
def test_a_sound_house_breaks_no_rule(tmp_path, rule):
    assert list(RULES[rule](_built(tmp_path))) == []


@pytest.mark.parametrize(("rule", "file", "planted"), PLANTED, ids=lambda text: text.strip()[:60])
def test_what_is_planted_is_found(tmp_path, rule, file, planted):
    found = {violation.file for violation in RULES[rule](_built(tmp_path, file, planted))}
    assert found == {file}


def test_every_rule_has_been_seen_to_fail():
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


def _built(root, file=None, planted=""):
    """The sound house in `root`, with something planted at the end of one file."""
    files = SOUND | ({file: SOUND.get(file, "") + "\n" + planted} if file else {})
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return House(root)
