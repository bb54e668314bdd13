"""What the house keeps to besides its floors, read from the source: small rooms, no hidden machinery, a strict policy."""

import ast
import re
from collections.abc import Iterator

from tests.floors import FLOORS, House, Violation

# A strict content security policy


INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*(javascript|js):", re.IGNORECASE),
    "hx-on, which needs eval": re.compile(r"\shx-on", re.IGNORECASE),
    "an hx-trigger filter, which needs eval": re.compile(r"hx-trigger\s*=\s*(\"[^\"{]*\[|'[^'{]*\[)", re.IGNORECASE),
}


def inline_code(house: House) -> Iterator[Violation]:
    """What a strict content security policy refuses."""
    for page in house.pages:
        for what, pattern in INLINE.items():
            for match in pattern.finditer(page.text):
                yield page.says(match.start(), f"has {what}")


# House rules


def packages_on_no_floor(house: House) -> Iterator[Violation]:
    """Every package at the top is a floor; the tests, the bench and the proof stand beside the house and look at it."""
    for init in sorted(house.root.glob("*/__init__.py")):
        if init.parent.name not in (*FLOORS, "tests", "bench", "prove"):
            yield Violation(f"{init.parent.name}/__init__.py", 1, "is on no floor")


def nameless_modules(house: House) -> Iterator[Violation]:
    """No utils, helpers or common: name the thing."""
    for module in house.modules:
        parts = module.file.removesuffix(".py").split("/")
        for name in {"utils", "helpers", "common", "util", "helper", "misc"} & set(parts):
            yield Violation(module.file, 1, f'"{name}" says nothing of what is in it')


def long_modules(house: House, limit: int = 700) -> Iterator[Violation]:
    for module in house.modules:
        if module.lines > limit and not module.is_migration:
            yield Violation(module.file, limit, f"has {module.lines} lines: two rooms in one")


def signals(house: House) -> Iterator[Violation]:
    """No receivers, but the one that arms the append-only triggers after a migration."""
    for module in house.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module and re.search(r"\b(signals|dispatch)$", node.module):
                names = {alias.name for alias in node.names}
                if not (module.floor == "acts" and names == {"post_migrate"}):
                    yield module.says(node, f"imports {', '.join(sorted(names))}: no signals")
            elif isinstance(node, ast.Attribute) and ast.unparse(node).startswith("models.signals."):
                yield module.says(node, "uses a signal")


def rules_in_save(house: House) -> Iterator[Violation]:
    """A rule in `save()` is passed by `update()` and `bulk_create()`: it belongs in a constraint or a verb."""
    for module in house.modules:
        if not module.holds_models:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}:
                        yield module.says(method, f"{node.name} overrides {method.name}()")


def rights_asked_of_django(house: House) -> Iterator[Violation]:
    """`has_perm` is true of every superuser; rights come from grants and posts alone."""
    for module in house.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"has_perm", "has_perms", "has_module_perms"}:
                yield module.says(node, f"asks {node.attr}")
    for page in house.pages:
        for tag in page.tags():
            if re.search(r"\bperms\.", tag[0]):
                yield page.says(tag.start(), "asks perms")


HOUSE_RULES = (
    inline_code,
    packages_on_no_floor,
    nameless_modules,
    long_modules,
    signals,
    rules_in_save,
    rights_asked_of_django,
)
