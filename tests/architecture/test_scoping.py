"""Whatever reaches a screen goes through `organization.selectors.scope`; what does not stands here with its reason.

Read from the source and from the registered doors, so that a new door or selector that goes round it fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver
from import_export.resources import Resource
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from bureau.console.api import InstitutionView
from bureau.console.api_bodies import Body
from bureau.console.exports.resources import ListResource
from bureau.console.model_admin import PortalModelAdmin
from tests.conftest import CHECKOUT

APPS = ("bureau", "enrollment", "institutions", "relief", "claims")
DOORS = {"admin", "views", "tasks", "panels", "management", "forms", "documents", "console", "api", "resources"}
OUTSIDE = {"demo", "launcher", "settings", "migrations"}

# Selectors that give rows without asking who looks.
UNSCOPED = {
    "bureau.trail.selectors.batches": "a building block: the callers narrow by the area of the batch",
    "bureau.trail.selectors.history": "of a subject that the caller could open",
    "bureau.trail.selectors.reads_of": "of a subject that the caller could open",
    "bureau.trail.selectors.runs_in": "long jobs are the whole city's",
    "bureau.trail.selectors.done_since": "counted for the system's own page, names nobody",
    "bureau.organization.selectors.staff.assignments_today": "staff and duties are read before anybody is named",
    "bureau.organization.selectors.staff.without_duty": "staff and duties are read before anybody is named",
    "claims.selectors.claims.refused_rows": "of a file that the caller could open",
    "claims.selectors.settlements.runs": "months are the whole city's; their amounts are narrowed elsewhere",
    "relief.selectors.rosters.entries": "of a batch that the caller could open",
    "relief.selectors.rosters.shown_as": "of a batch that the caller could open",
    "relief.selectors.rosters.wrong_rows": "of a batch that the caller could open",
    "relief.selectors.statuses.statuses_of": "of a person whose file the caller could open",
}
# Doors that ask a table themselves.
DIRECT: dict[str, str] = {
    "bureau.console.admin.staffing": "accounts to choose from, by the system administrator of the whole city",
}
# Where Python steps over the database's wall, after its own check.
OVER_THE_WALL = {
    "bureau.console.security_events": "a failed sign-in with an unknown name, a wrong key: there is nobody to act as",
    "bureau.fields.converting": "a migration encrypts every row of a table, whosever it is",
    "claims.services.intake": "patients of an institution come from every county; its area is checked before",
    "claims.selectors.cockpit": "a statement that one may open is shown whole, with patients from everywhere",
    "claims.selectors.limits": "the yearly lines of a person whose file is open run through all counties",
    "claims.selectors.waterfall": "a version that one may open is explained with its whole year",
    "enrollment.views": "a file that one may open is shown whole: coverage, relief and yearly lines of other counties",
    "relief.services.arrivals": "a large file of a county is handed to the city's worker",
    "relief.services.judging": "whether somebody of a list stands on a list, or is insured, in another county",
    "relief.services.confirmation": "whether who is unknown here has a file in another county",
}
# Tables that are not narrowed by an area.
WHOLE_CITY = {
    "organization.Area": "names of places",
    "policy.Release": "the law",
    "trail.Run": "long jobs",
    "trail.ActionLog": "narrowed by its plain area code",
    "trail.ReadRecord": "narrowed by its plain area code",
    "trail.ImportBatch": "narrowed by its plain area code",
}
# Views for everybody who is, or is not, signed in.
NO_DESK = {"healthz", "readyz", "portal:sign_in", "portal:code", "portal:enroll", "portal:sign_out"}


def modules() -> Iterator[tuple[str, set[str], ast.Module]]:
    """Name, rooms and syntax of every module of the portal."""
    for app in APPS:
        for path in sorted((CHECKOUT / app).rglob("*.py")):
            parts = path.relative_to(CHECKOUT).with_suffix("").parts
            if not OUTSIDE.intersection(parts):
                yield ".".join(parts), set(parts), ast.parse(path.read_text(encoding="utf-8"))


def attributes(tree: ast.AST) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_doors_ask_selectors_and_no_table() -> None:
    asking = {
        name
        for name, rooms, tree in modules()
        if rooms & DOORS and attributes(tree) & {"objects", "_base_manager", "_default_manager"}
    }
    assert asking == set(DIRECT)


def test_doors_speak_no_sql() -> None:
    speaking = {
        name
        for name, rooms, tree in modules()
        if rooms & DOORS and "cursor" in attributes(tree) and name != "bureau.console.management"
    }
    assert speaking == set()


def selectors_of_rows() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, rooms, tree in modules():
        if "selectors" in rooms and not name.endswith(".scope"):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and gives_rows(node):
                    yield f"{name}.{node.name}", node


def gives_rows(function: ast.FunctionDef) -> bool:
    return function.returns is not None and "QuerySet" in ast.unparse(function.returns)


def is_scoped(function: ast.FunctionDef) -> bool:
    """Takes `by` and hands it on to a scope or to another selector that takes it."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    if "by" not in {argument.arg for argument in arguments}:
        return False
    return any(
        "by" in {ast.unparse(value) for value in (*call.args, *(keyword.value for keyword in call.keywords))}
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
    )


def hangs_on_rows(function: ast.FunctionDef) -> bool:
    """Takes rows that the caller already has: an object or a queryset, never a bare key."""
    plain = {"int", "str", "date", "bool", "datetime", "Staff", "RunStage"}
    arguments = [*function.args.args, *function.args.kwonlyargs]
    kinds = {ast.unparse(argument.annotation) for argument in arguments if argument.annotation}
    return any(kind.split("[")[0] not in plain and "|" not in kind for kind in kinds)


def test_selectors_of_rows_are_narrowed_for_somebody() -> None:
    loose = {name for name, node in selectors_of_rows() if not is_scoped(node) and not hangs_on_rows(node)}
    assert loose == set(UNSCOPED)


def test_the_wall_is_stepped_over_where_it_is_written_down() -> None:
    stepping = {
        name
        for name, rooms, tree in modules()
        if "as_system" in attributes(tree) and not rooms & {"management", "tasks"}
    }
    assert stepping == set(OVER_THE_WALL)


def test_tables_stand_on_the_portals_base_and_are_narrowed() -> None:
    whole = set()
    for model, table in admin.site._registry.items():
        assert isinstance(table, PortalModelAdmin), f"{model} is registered beside the portal's base"
        if table.area_path is None:
            whole.add(model._meta.label)
    assert whole == set(WHOLE_CITY)


def test_inlines_show_and_change_nothing(rf, django_user_model) -> None:
    request = rf.get("/")
    request.user = django_user_model()
    for table in admin.site._registry.values():
        for inline in table.inlines:
            shown = inline(table.model, admin.site)
            assert not shown.has_add_permission(request, None)
            assert not shown.can_delete


def views(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, object]]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from views(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}", entry.callback


def test_every_address_is_a_desk_with_its_duties() -> None:
    bare = {
        name
        for name, view in views(get_resolver().url_patterns)
        if not hasattr(view, "duties") and not is_of_institutions(view)
    }
    assert bare == NO_DESK


def is_of_institutions(view: object) -> bool:
    return issubclass(getattr(view, "cls", object), InstitutionView)


def below(kind: type) -> set[type]:
    return {kind}.union(*(below(child) for child in kind.__subclasses__()))


def of_ours(kind: type) -> set[type]:
    return {found for found in below(kind) if not found.__module__.startswith(("rest_framework", "import_export"))}


def test_the_institutions_interface_stands_on_its_base() -> None:
    """With what the base sets: a view that took JSON loosely, or let a session in, would be a door beside it."""
    found = of_ours(APIView)
    assert len(found) > 5
    for view in found:
        assert issubclass(view, InstitutionView), view
        for name in ("authentication_classes", "permission_classes", "parser_classes", "renderer_classes"):
            assert getattr(view, name) == getattr(InstitutionView, name), view
        assert not {"dispatch", "initial", "finalize_response"} & set(vars(view)) or view is InstitutionView
    addresses = {name for name, view in views(get_resolver().url_patterns) if is_of_institutions(view)}
    assert {name.partition(":")[2][:4] for name in addresses} == {"api_"}


def test_what_institutions_send_is_read_by_our_fields() -> None:
    for body in of_ours(Serializer):
        assert issubclass(body, Body), body


def test_what_leaves_as_a_file_stands_on_the_base_of_exports() -> None:
    for kind in of_ours(Resource):
        assert issubclass(kind, ListResource), kind
    # The library's own pages, which ask for no permission by default, are nowhere used.
    borrowed = {
        name
        for name, _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("import_export")
    }
    assert borrowed == {"bureau.console.exports.resources"}


class TestTheReaderItself:
    """The reading of the source finds what it is for."""

    @pytest.mark.parametrize(
        ("source", "is_found"),
        [
            ("def listed(month: str) -> QuerySet[Claim]:\n    return Claim.objects.filter(month=month)", True),
            ("def listed(by: Staff) -> QuerySet[Claim]:\n    return Claim.objects.all()", True),
            ("def listed(by: Staff) -> QuerySet[Claim]:\n    return narrow(Claim.objects.all(), by)", False),
            ("def listed(*, by: Staff) -> QuerySet[Claim]:\n    return visible_to(by).filter(a=1)", False),
            ("def lines(of: Settlement) -> QuerySet[Line]:\n    return Line.objects.filter(settlement=of)", False),
        ],
    )
    def test_finds_a_selector_that_narrows_for_nobody(self, source: str, is_found: bool) -> None:
        function = ast.parse(source).body[0]
        assert isinstance(function, ast.FunctionDef)
        assert gives_rows(function)
        assert (not is_scoped(function) and not hangs_on_rows(function)) is is_found
