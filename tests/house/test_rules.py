"""The rules of the house that no linter knows: file sizes, docstrings, dialogs, Qt-free sessions."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "playground"
SOURCES = sorted(PACKAGE.rglob("*.py"))
EVERY_SOURCE = sorted([*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "packaging").rglob("*.py")])
MAXIMUM_LINES = 400

STATIC_DIALOGS = {
    "QMessageBox": {"question", "information", "warning", "critical", "about"},
    "QFileDialog": {"getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"},
    "QInputDialog": {"getText", "getItem", "getInt", "getDouble", "getMultiLineText"},
}


def name_of(path: Path) -> str:
    """A path as people say it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def blocking_dialogs(source: str) -> Iterator[tuple[int, str]]:
    """Calls that spin a nested event loop: ``.exec()``, ``processEvents`` and the static dialog functions."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        if node.func.attr in {"exec", "exec_", "processEvents"} or node.func.attr in STATIC_DIALOGS.get(
            owner, set()
        ):
            yield node.lineno, node.func.attr


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    too_long = {
        name_of(path): count
        for path in EVERY_SOURCE
        if (count := len(path.read_text().splitlines())) > MAXIMUM_LINES
    }
    assert not too_long


def test_every_module_and_class_says_why_it_exists() -> None:
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            silent.append(name_of(path))
        silent += [
            f"{name_of(path)}:{node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert not silent


def test_no_nested_event_loops_outside_the_dialogs_module() -> None:
    found = [
        f"{name_of(path)}:{line} .{call}"
        for path in SOURCES
        if name_of(path) != "playground/ui/dialogs.py"
        for line, call in blocking_dialogs(path.read_text())
    ]
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "dialog.exec()",
        "app.processEvents()",
        "QMessageBox.question(None, '', '')",
        "QFileDialog.getOpenFileName()",
    ],
)
def test_the_dialog_rule_sees_what_it_forbids(source: str) -> None:
    assert list(blocking_dialogs(source))


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("features/*/session.py")), ids=name_of)
def test_a_session_needs_no_qt(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    code = (
        f"import sys, {module}; qt = ('PySide6', 'qasync', 'shiboken6'); "
        "print([m for m in sys.modules if m.split('.')[0] in qt])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_no_address_of_a_package_index_is_kept() -> None:
    pattern = re.compile(
        r"--(extra-)?index-url|index_url\s*=|https?://[\w.]*(pypi|pythonhosted|registry\.npmjs)\."
    )
    tracked = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split("\n")
    found = []
    for name in filter(None, tracked):
        path = ROOT / name
        if (
            path.suffix in {".py", ".toml", ".txt", ".json", ".md", ""}
            and path.is_file()
            and path != Path(__file__)
        ):
            text = path.read_text(errors="replace")
            found += [name] if pattern.search(text) else []
    assert not found


def test_the_top_level_holds_what_it_should() -> None:
    allowed = {
        "pyproject.toml",
        "README.md",
        "playground",
        "resources",
        "tests",
        "packaging",
        ".ci",
        ".gitignore",
    }
    tracked = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split("\n")
    assert {name.split("/")[0] for name in tracked if name} <= allowed
