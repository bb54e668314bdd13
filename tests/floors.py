"""Reads the house and says where something on a lower floor knows of a floor above it.

Every rule is a function from a `House` to `Violation`s; `test_architecture.py` runs them on this project, and plants
an arrow of each kind in a small house to see that the rule finds it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

FLOORS = (
    "thai",
    "acts",
    "accounts",
    "fiscal",
    "orgunits",
    "indicators",
    "agreements",
    "results",
    "workflow",
    "desk",
    "config",
)
HEIGHT = {name: height for height, name in enumerate(FLOORS)}
# templates/base*.html, templates/parts/ and other templates of no app: usable by all, so they may name no app.
LOOK = "the shared look"
HEIGHT[LOOK] = -1

APP = "|".join(FLOORS)
DOTTED = re.compile(rf"({APP})\.[A-Za-z_]\w*(\.\w+)*")  # "app.Model", "app.job", "app.module.function"
ROUTE = re.compile(rf"({APP}):[\w:-]+")  # "app:route"
PATH = re.compile(rf"({APP})/[\w./-]+")  # "app/page.html", "app/script.js"
BEGINNING = re.compile(rf"({APP})[.:/]\w*")  # the fixed beginning of an f-string: f"app:{name}"

RELATIONS = {
    "ForeignKey",
    "OneToOneField",
    "ManyToManyField",
    "TreeForeignKey",
    "TreeOneToOneField",
    "TreeManyToManyField",
}
QUERIES = {
    "filter", "exclude", "get", "Q", "F", "OuterRef", "Prefetch", "prefetch_related", "prefetch_related_objects",
    "select_related", "values", "values_list", "order_by", "annotate", "aggregate", "only", "defer", "alias", "update",
    "Count", "Sum", "Avg", "Min", "Max", "get_object_or_404",
}  # fmt: skip


@dataclass(frozen=True)
class Violation:
    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


@dataclass(frozen=True)
class Module:
    """One Python file of an app, parsed."""

    file: str
    floor: str
    lines: int
    tree: ast.Module

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.file

    @property
    def holds_models(self) -> bool:
        return self.file.endswith("/models.py") or "/models/" in self.file

    def says(self, node: ast.AST, sentence: str) -> Violation:
        return Violation(self.file, node.lineno, sentence)

    def points_up(self, node: ast.AST, how: str, app: str) -> Iterator[Violation]:
        """The violation, if `app` is above this module's floor."""
        if HEIGHT[app] > HEIGHT[self.floor]:
            yield self.says(node, f"{how}, but {app} is above {self.floor}")


@dataclass(frozen=True)
class Page:
    """One template; its floor is the app whose folder it lies in."""

    file: str
    floor: str
    text: str

    def says(self, at: int, sentence: str) -> Violation:
        return Violation(self.file, self.text.count("\n", 0, at) + 1, sentence)

    def tags(self) -> Iterator[re.Match[str]]:
        """Every {% tag %} and {{ variable }}."""
        return re.finditer(r"\{%-?(.*?)-?%\}|\{\{(.*?)\}\}", self.text, re.DOTALL)


class House:
    """The Python files and templates of a project folder."""

    def __init__(self, root: Path):
        self.root = root

    @cached_property
    def modules(self) -> list[Module]:
        found = []
        for floor in FLOORS:
            for path in sorted((self.root / floor).rglob("*.py")):
                text = path.read_text(encoding="utf-8")
                file = path.relative_to(self.root).as_posix()
                found.append(Module(file, floor, text.count("\n"), ast.parse(text, file)))
        return found

    @cached_property
    def pages(self) -> list[Page]:
        found = []
        for path in sorted((self.root / "templates").rglob("*.*")):
            inside = path.relative_to(self.root / "templates")
            floor = inside.parts[0] if inside.parts[0] in FLOORS else LOOK
            found.append(Page(path.relative_to(self.root).as_posix(), floor, path.read_text(encoding="utf-8")))
        return found

    @cached_property
    def tag_libraries(self) -> dict[str, str]:
        """Tag library → the app it lies in."""
        return {
            module.file.rsplit("/", 1)[1].removesuffix(".py"): module.floor
            for module in self.modules
            if "/templatetags/" in module.file
        }

    @cached_property
    def relations_down(self) -> list["Relation"]:
        return [relation for module in self.modules for relation in _relations(module) if relation.points_down]

    def own_names(self, floor: str) -> set[str]:
        """Attributes that classes on this floor or below have of their own."""
        return {
            name
            for module in self.modules
            if HEIGHT[module.floor] <= HEIGHT[floor]
            for name in self._attributes[module.file]
        }

    @cached_property
    def _attributes(self) -> dict[str, set[str]]:
        return {module.file: _attributes(module) for module in self.modules}


# What imports show


def imports_up(house: House) -> Iterator[Violation]:
    """`import` and `from … import`, at the top of a module or inside a function."""
    for module in house.modules:
        for node in ast.walk(module.tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for name in names:
                app = name.split(".")[0]
                if app in FLOORS:
                    yield from module.points_up(node, f"imports {name}", app)


# What imports don't show, in Python


def strings_up(house: House) -> Iterator[Violation]:
    """Relation targets, models, jobs, dotted paths, routes, templates and static files, named in a string."""
    for module in house.modules:
        beginnings = {
            id(node.values[0]) for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) and node.values
        }
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            kinds = (BEGINNING,) if id(node) in beginnings else (DOTTED, ROUTE, PATH)
            for kind in kinds:
                if match := kind.fullmatch(node.value):
                    yield from module.points_up(node, f'names "{node.value}"', match[1])


def app_labels_up(house: House) -> Iterator[Violation]:
    """`get_model("app", "Model")`, `get_app_config("app")`, `app_label="app"`, and what migrations depend on."""
    for module in house.modules:
        for node in ast.walk(module.tree):
            labels = []
            if isinstance(node, ast.Call):
                if _name(node.func) in {"get_model", "get_app_config", "is_installed"} and node.args:
                    labels.append(node.args[0])
                labels += [keyword.value for keyword in node.keywords if keyword.arg == "app_label"]
            elif isinstance(node, ast.Tuple) and module.is_migration and len(node.elts) == 2:
                labels.append(node.elts[0])
            for label in labels:
                if isinstance(label, ast.Constant) and label.value in FLOORS:
                    yield from module.points_up(node, f'names the app "{label.value}"', label.value)


def user_model_from_below(house: House) -> Iterator[Violation]:
    """`settings.AUTH_USER_MODEL` and `get_user_model()` are arrows to accounts."""
    for module in house.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute | ast.Name) and _name(node) in {"AUTH_USER_MODEL", "get_user_model"}:
                yield from module.points_up(node, f"uses {_name(node)}", "accounts")


# Related names: what a foreign key from above adds to a model below


@dataclass(frozen=True)
class Relation:
    """A foreign key, and the names by which the other side could look back up along it."""

    place: Violation
    floor: str
    target: str
    accessor: str
    lookup: str

    @property
    def points_down(self) -> bool:
        return HEIGHT[self.target] < HEIGHT[self.floor]

    def is_above(self, floor: str) -> bool:
        return HEIGHT[self.floor] > HEIGHT[floor]


def related_names_up(house: House) -> Iterator[Violation]:
    """Attributes, lookups and template variables that go up along a foreign key of a higher floor.

    A name that a class on this floor or below has of its own is taken to mean that one; `hidden_related_names` sees
    to it that there is none.
    """
    for floor in FLOORS:
        above = [relation for relation in house.relations_down if relation.is_above(floor)]
        own = house.own_names(floor)
        accessors = {relation.accessor: relation.floor for relation in above if relation.accessor not in own}
        lookups = {relation.lookup: relation.floor for relation in above if relation.lookup not in own}
        for module in house.modules:
            if module.floor == floor and not module.is_migration:
                yield from _related_names_in_module(module, accessors, lookups)
        for page in house.pages:
            if page.floor == floor:
                yield from _related_names_in_page(page, accessors)


def hidden_related_names(house: House) -> Iterator[Violation]:
    """A related name that a lower floor uses for something of its own: an upward use of it couldn't be told apart."""
    for relation in house.relations_down:
        below = FLOORS[HEIGHT[relation.floor] - 1]
        for name in {relation.accessor, relation.lookup} & house.own_names(below):
            yield replace(relation.place, says=f'{relation.place.says} "{name}" is a name on a lower floor too')


def _related_names_in_module(module: Module, accessors: dict, lookups: dict) -> Iterator[Violation]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in accessors:
            yield module.says(node, f".{node.attr} is a related name of {accessors[node.attr]}, above {module.floor}")
        for name in _looked_up(node):
            for part in name.lstrip("-").split("__"):
                if part in lookups:
                    yield module.says(node, f"looks up {name!r}: {part} is a related name of {lookups[part]}")


def _looked_up(node: ast.AST) -> Iterator[str]:
    """Field paths that a call hands to the ORM."""
    if not isinstance(node, ast.Call):
        return
    queries = _name(node.func) in QUERIES
    for keyword in node.keywords:
        if keyword.arg and (queries or "__" in keyword.arg.strip("_")):
            yield keyword.arg
    if queries:
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _related_names_in_page(page: Page, accessors: dict) -> Iterator[Violation]:
    for tag in page.tags():
        for name in re.findall(r"\.(\w+)", re.sub(r"\"[^\"]*\"|'[^']*'", "", tag[0])):
            if name in accessors:
                yield page.says(tag.start(), f".{name} is a related name of {accessors[name]}, above {page.floor}")


def _relations(module: Module) -> Iterator[Relation]:
    imported = _imported(module)
    for cls in (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)):
        for statement in cls.body:
            call = getattr(statement, "value", None)
            if isinstance(call, ast.Call) and _name(call.func) in RELATIONS:
                yield from _relation(module, cls, call, imported)


def _relation(module: Module, cls: ast.ClassDef, call: ast.Call, imported: dict) -> Iterator[Relation]:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    target = _target(module, call.args[0] if call.args else keywords.get("to"), imported)
    related = _constant(keywords.get("related_name"))
    if target is None or related.endswith("+"):
        return
    related = related.replace("%(class)s", cls.name.lower()).replace("%(app_label)s", module.floor)
    one = "OneToOne" in _name(call.func)
    accessor = related or cls.name.lower() + ("" if one else "_set")
    lookup = _constant(keywords.get("related_query_name")) or related or cls.name.lower()
    place = module.says(call, f"{cls.name}'s related name")
    yield Relation(place, module.floor, target, accessor, lookup)


def _target(module: Module, node: ast.AST | None, imported: dict) -> str | None:
    """The app of the model that a foreign key points to; None if it isn't ours."""
    name = _constant(node)
    if name:
        app = name.split(".")[0] if "." in name else module.floor
    elif _name(node) == "AUTH_USER_MODEL":
        app = "accounts"
    else:
        app = imported.get(ast.unparse(node).split(".")[0], module.floor) if node else module.floor
    return app if app in FLOORS else None


def _imported(module: Module) -> dict[str, str]:
    """Name → the package it was imported from."""
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {alias.asname or alias.name: node.module.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.split(".")[0]: alias.name.split(".")[0] for alias in node.names}
    return found


def _attributes(module: Module) -> set[str]:
    """Names that the module's classes define, and related names among its own floor or downwards to it."""
    names = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                names |= _defined(statement)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _name(node.value) == "self":
            names.add(node.attr)
    for relation in _relations(module):
        names |= {relation.accessor, relation.lookup}
    return names


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _name(node: ast.AST | None) -> str:
    """The last part of a dotted name: `models.ForeignKey` → "ForeignKey"."""
    return getattr(node, "attr", None) or getattr(node, "id", None) or ""


def _constant(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# Templates


def templates_up(house: House) -> Iterator[Violation]:
    """`{% url %}`, `{% include %}`, `{% extends %}`, `{% static %}`: whatever a tag names in quotes."""
    for page in house.pages:
        for tag in page.tags():
            for quoted in re.findall(r"[\"']([^\"']+)[\"']", tag[0]):
                match = ROUTE.fullmatch(quoted) or PATH.fullmatch(quoted)
                if match and HEIGHT[match[1]] > HEIGHT[page.floor]:
                    yield page.says(tag.start(), f'names "{quoted}", but {match[1]} is above {page.floor}')


def tag_libraries_up(house: House) -> Iterator[Violation]:
    """`{% load library %}` of an app above."""
    for page in house.pages:
        for tag in page.tags():
            words = (tag[1] or "").split()
            if words[:1] != ["load"]:
                continue
            for app in {house.tag_libraries[word] for word in words[1:] if word in house.tag_libraries}:
                if HEIGHT[app] > HEIGHT[page.floor] and app != "thai":
                    yield page.says(tag.start(), f"loads tags of {app}, above {page.floor}")


def routes_without_namespace(house: House) -> Iterator[Violation]:
    """A route's namespace is its app's name; otherwise nobody could tell whose it is."""
    for page in house.pages:
        for tag in page.tags():
            match = re.match(r"\s*url\s+[\"']([^\"':]+)[\"']", tag[1] or "")
            if match:
                yield page.says(tag.start(), f'the route "{match[1]}" has no namespace')
    for module in house.modules:
        if not module.file.endswith("/urls.py") or module.floor == "config":
            continue
        names = [
            node.value
            for node in module.tree.body
            if isinstance(node, ast.Assign) and _name(node.targets[0]) == "app_name"
        ]
        if [_constant(name) for name in names] != [module.floor]:
            yield Violation(module.file, 1, f'app_name must be "{module.floor}"')


ARROWS = (
    imports_up,
    strings_up,
    app_labels_up,
    user_model_from_below,
    related_names_up,
    hidden_related_names,
    templates_up,
    tag_libraries_up,
    routes_without_namespace,
)
