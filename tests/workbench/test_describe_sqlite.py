"""An error of the database that got through is still the computer's, not an unexpected one of ours."""

import sqlite3

import pytest

from playground.workbench.describe import describe


@pytest.mark.parametrize(
    "error", [sqlite3.OperationalError("disk I/O error"), sqlite3.InterfaceError("closed")]
)
def test_errors_of_sqlite_are_sentences(error: Exception) -> None:
    problem = describe(error)
    assert (problem.title, problem.whose) == ("The history could not be written", "computer")
    assert str(error) in problem.what
