"""Lists: a proper model, paged, keyed, and operated by keys."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from playground.ui.list_model import Row, RowListModel
from playground.ui.list_view import RowListView


def rows(*keys: str) -> list[Row]:
    return [Row(key, f"Title {key}", f"second {key}") for key in keys]


def keys(model: RowListModel) -> str:
    return "".join(row.key for row in model.rows())


@pytest.fixture
def view(qtbot) -> RowListView:
    view = RowListView("Things")
    view.resize(300, 200)
    qtbot.addWidget(view)
    view.show()
    return view


def test_the_model_keeps_qts_rules(qtmodeltester) -> None:
    model = RowListModel()
    qtmodeltester.check(model)
    model.set_rows(rows("a", "b", "c"), more=True)
    model.append(rows("c", "d"), more=False)
    model.put(Row("z", "first"))
    model.put(Row("b", "changed"))
    model.remove("a")
    model.remove("unknown")
    assert keys(model) == "zbcd"
    assert [row.title for row in model.rows() if row.key == "b"] == ["changed"]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "remove", "append", "change"]),
            st.sampled_from("abcd"),
            st.integers(-2, 6),
        )
    )
)
def test_whatever_happens_each_key_is_there_once(steps) -> None:
    model = RowListModel()
    for act, key, at in steps:
        if act == "put":
            model.put(Row(key, key), at)
        elif act == "remove":
            model.remove(key)
        elif act == "append":
            model.append(rows(key, "a"))
        else:
            model.change(key, title="other")
    assert len(set(keys(model))) == len(keys(model)) == model.rowCount()


def test_the_next_page_is_asked_for_once_until_it_comes(qtbot) -> None:
    model = RowListModel()
    asked = []
    model.more_requested.connect(lambda: asked.append(True))
    model.set_rows(rows("a"), more=True)
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == [True]
    model.append(rows("b"), more=True)
    assert model.canFetchMore(QModelIndex())
    model.append(rows("c"))
    assert not model.canFetchMore(QModelIndex())


def test_scrolling_to_the_end_asks_for_more(view, qtbot) -> None:
    with qtbot.waitSignal(view.rows.more_requested):
        view.rows.set_rows([Row(str(n), f"Row {n}") for n in range(100)], more=True)
        view.scrollToBottom()


def test_keys_and_clicks_choose_and_delete(view, qtbot) -> None:
    view.rows.set_rows(rows("a", "b", "c"))
    view.setFocus()
    view.select("a")
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current_key() == "b"
    with qtbot.waitSignal(view.chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == ["b"]
    with qtbot.waitSignal(view.delete_requested) as wished:
        QTest.keyClick(view, Qt.Key.Key_Delete)
    assert wished.args == ["b"]
    with qtbot.waitSignal(view.chosen) as chosen:
        place = view.visualRect(view.rows.index(2)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["c"]
    view.select(None)
    assert view.current_key() == ""


def test_ten_thousand_rows_and_odd_words_are_painted(view) -> None:
    view.rows.set_rows(
        [
            Row(
                "<b>", "<b>bold</b>\nsecond\u2028line", "\u202eright to left", "chat", "badge" * 50, "danger"
            ),
            Row("long", "x" * 1_000_000, "y" * 1_000_000),
            Row("surrogate", "\ud800 alone", "\0 nul"),
            *(Row(str(n), f"Row {n}") for n in range(10_000)),
        ]
    )
    view.select("long")
    assert not view.grab().isNull()
    assert "bold" in view.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
