"""The two languages are complete: nothing waits for a translation, and no word stands outside of them in the source."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.floors import FLOORS
from tests.page_words import LATIN, THAI, words_of

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/th/LC_MESSAGES/django.po")
# The paper is always in Thai, as agreements.documents says; the page of the look shows parts with samples in them.
APART = ("templates/agreements/document/", "templates/desk/_design_", "templates/desk/design.html")

# Modules whose matter is Thai, in every language of the screen.
THAI_MATTER = {
    "accounts/names.py": "how Thai names are written",
    "accounts/ranks.py": "ranks and prefixes",
    "agreements/clauses.py": "the paper",
    "agreements/documents.py": "the paper",
    "agreements/example.py": "the paper",
    "agreements/freeze.py": "the reference number on the paper",
    "agreements/frozen_criteria.py": "the paper",
    "agreements/pdf_text.py": "Thai letters in a PDF",
    "agreements/printed.py": "the paper",
    "agreements/printed_amendment.py": "the paper",
    "agreements/redline.py": "where Thai text may be cut",
    "agreements/self_made.py": "what the certificate of a trial is called",
    "agreements/signing_rule.py": "titles of annexes on the paper",
    "agreements/typeset.py": "the paper",
    "agreements/xlsx": "the Excel file, which is in Thai as the paper is",
    "config/settings.py": "the languages' own names",
    "desk/demo": "what people wrote",
    "desk/design_page.py": "samples for the page of the look",
    "desk/public_files.py": "headings of the files for the public, which are in Thai as the paper is",
    "orgunits/load.py": "names of units",
    "orgunits/management/commands/administrator.py": "examples of titles",
    "orgunits/orders.py": "how orders are numbered",
    "orgunits/titles.py": "titles of posts",
    "fiscal/holidays.py": "names of public holidays, which the planning office may change",
    "results/adding_up.py": "the units of measure by their own names",
    "results/incentive_terms.py": "names of tiers, which the planning office may change",
    "results/rounds.py": "names of rounds, which the planning office may change",
    "results/workbook.py": "the Excel file, which is in Thai as the paper is",
    "thai": "Thai itself",
    "workflow/certificate.py": "the paper",
    "workflow/signing.py": "what a signer declares",
}
# Names that have no other, in templates and whichever language.
NAMES = {"CSV", "JSON", "PDF", "SHA"}


def _python():
    for floor in FLOORS:
        yield from (path for path in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in path.parts)


def _texts(path):
    """The strings of a module, but its docstrings and what is translated."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart = {id(part) for node in ast.walk(tree) for part in (*_docstring(node), *_translated(node))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node.lineno, node.value


def _docstring(node):
    first = node.body[0] if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body else None
    return [first.value] if isinstance(first, ast.Expr) else []


def _translated(node):
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return node.args if called == "_" or "gettext" in called else []


def test_thai_stands_only_in_modules_whose_matter_it_is():
    found = {}
    for path in _python():
        name = path.relative_to(ROOT).as_posix()
        if not any(name == matter or name.startswith(f"{matter}/") for matter in THAI_MATTER):
            found |= {f"{name}:{line}": text for line, text in _texts(path) if THAI.search(text)}
    assert found == {}


def test_every_module_whose_matter_is_thai_still_holds_some():
    with_thai = {
        path.relative_to(ROOT).as_posix() for path in _python() for _l, text in _texts(path) if THAI.search(text)
    }
    idle = [matter for matter in THAI_MATTER if not any(name.startswith(matter) for name in with_thai)]
    assert idle == []


# A template's own words: what is left when tags and variables are taken away, and what is translated.
TAGS = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktranslate.*?endblocktranslate\s*%\}"
    r"|\{%\s*block body_class.*?endblock\s*%\}|\{%\s*block columns.*?endblock\s*%\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)


def own_words(source):
    """Words of a template that are in no catalogue."""
    # Something stands where a variable stood, so that an attribute keeps its quotes and a tag its shape.
    for words in words_of(TAGS.sub(" ", source)):
        known = NAMES if words.lang in ("", "en") else set()
        yield from (word for word in LATIN.findall(words.text) if word not in known)
        yield from (word for word in THAI.findall(words.text) if words.lang != "th")


def _templates():
    for path in sorted((ROOT / "templates").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and not name.startswith(APART):
            yield name, path.read_text(encoding="utf-8")


def test_no_template_has_words_of_its_own():
    assert {name: words for name, source in _templates() if (words := list(own_words(source)))} == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Draft</p>", ["Draft"]),
        ("<p>ร่าง</p>", ["ร่าง"]),
        ('<p lang="th">ร่าง</p>', []),
        ('<a title="Go there">{{ x }}</a>', ["Go", "there"]),
        ('<a class="btn go" href="{% url "x" %}">{% translate "Draft" %}</a>', []),
        ("{% blocktranslate %}<b>Draft</b>{% endblocktranslate %}{# a note #}", []),
    ],
)
def test_words_in_a_template_are_found(source, words):
    assert list(own_words(source)) == words


# On an English page `digits` marks what is Thai, by markup, which an attribute and a title can't hold: `plain`.
MARKED = re.compile(
    r"\{\{[^}]*\|digits[^}]*\}\}|\{%\s*blocktranslate[^%]*\|digits.*?endblocktranslate\s*%\}", re.DOTALL
)


def marked_attributes(source):
    """Attributes and titles of a template that would hold markup."""
    here = TAGS.sub(" ", MARKED.sub("MARK", re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)))
    for tag in re.findall(r"<[a-z][^>]*>", here):
        if "MARK" in tag:
            yield tag
    yield from re.findall(r"\{% block (?:tab_)?title %\}.*?\|digits.*?\{% endblock %\}", source)


def test_no_attribute_and_no_title_holds_markup():
    assert {name: tags for name, source in _templates() if (tags := list(marked_attributes(source)))} == {}


@pytest.mark.parametrize(
    "source",
    [
        '<a title="{{ x|digits }}">',
        '<a aria-label="{% translate "Up" %}: {{ x|digits|lower }}">',
        '<a aria-label="{% blocktranslate with x=y|digits %}{{ x }} offers{% endblocktranslate %}">',
        "{% block tab_title %}{{ x|digits }}{% endblock %}",
    ],
)
def test_markup_in_an_attribute_is_found(source):
    assert list(marked_attributes(source))
    assert not list(marked_attributes(source.replace("|digits", "|plain")))


# The catalogue. GNU gettext makes it and reads it.


@pytest.fixture(scope="module")
def renewed(tmp_path_factory):
    """The catalogue as bin/translate would write it now, made in a copy of the source."""
    copy = tmp_path_factory.mktemp("source")
    for name in (*FLOORS, "templates", "locale", "bin"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    # It ends with 1 where something waits for its translation, which is what the tests look for.
    subprocess.run([copy / "bin" / "translate"], check=False, capture_output=True, env={**os.environ, "PATH": path})
    return copy / CATALOGUE


def _entries(path, *selection):
    """{msgid (with its context and plural): translation} of a catalogue, or of those entries that msgattrib selects."""
    compiled = subprocess.run(["msgattrib", *selection, path], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r'^msgid (".*?)(?=^msgstr)', compiled, re.DOTALL | re.MULTILINE)) - {'""\n'}


def test_nothing_new_waits_for_a_translation(renewed):
    assert _entries(renewed, "--untranslated") == set()
    assert _entries(ROOT / CATALOGUE, "--only-fuzzy") == set()


def test_the_catalogue_holds_nothing_that_the_source_does_not_say_any_more(renewed):
    assert _entries(ROOT / CATALOGUE) == _entries(renewed)


def test_every_translation_fills_in_what_its_source_fills_in():
    command = ["msgfmt", "--check", "-o", os.devnull, ROOT / CATALOGUE]
    checked = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_what_is_compiled_is_what_is_written(tmp_path):
    fresh = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "-o", fresh, ROOT / CATALOGUE], check=True)
    assert _compiled(ROOT / CATALOGUE.with_suffix(".mo")) == _compiled(fresh)


def _compiled(path):
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog
