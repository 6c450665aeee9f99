"""What must meet across floors: every operation has a caller and a route, every feature folder is a tab."""

import importlib
import inspect
from pathlib import Path

import pytest

from playground.app.pages import PAGES
from playground.ui.icons import icon
from playground.wire.operations import OPERATIONS, Operation

FEATURES = Path(__file__).resolve().parents[2] / "playground" / "features"


def test_there_are_twenty_operations() -> None:
    assert len(OPERATIONS) == 20
    assert len({(each.method, each.path) for each in OPERATIONS}) == 20


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_every_operation_has_a_caller(operation: Operation) -> None:
    module = importlib.import_module(f"playground.api.{operation.word}")
    verbs = {
        name
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
    }
    assert operation.verb in verbs


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_every_operation_has_an_answerer(operation: Operation) -> None:
    module = importlib.import_module(f"playground.service.{operation.word}")
    assert inspect.iscoroutinefunction(getattr(module, operation.verb))


def test_every_feature_folder_is_a_tab_and_every_tab_has_its_own_id() -> None:
    folders = {each.name for each in FEATURES.iterdir() if (each / "page.py").exists()}
    homes = {page.build.__module__.split(".")[2] for page in PAGES}
    assert folders == homes
    assert len({page.id for page in PAGES}) == len(PAGES)


def test_every_tab_has_an_icon_that_exists(qapp: object) -> None:
    for page in PAGES:
        assert not icon(page.icon).isNull()
