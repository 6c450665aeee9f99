"""The widget: what it shows, what it keeps in place, and what can be done with it by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from playground import resources
from playground.ui.transcript import Action, Chip, Entry, Transcript, TranscriptStyle, transcript_style
from playground.ui.transcript.buttons import FlatButton
from playground.ui.transcript.message import Message
from playground.ui.transcript.view import View

LONG = "A paragraph with **some** words in it that takes a line or two of the column, as answers do.\n\n" * 6


@pytest.fixture(scope="module", autouse=True)
def fonts(qapp):
    for font in sorted(resources.path("fonts").iterdir()):
        QFontDatabase.addApplicationFont(str(font))


@pytest.fixture
def shown(qtbot):
    def make(entries, size=(900, 600), style=None):
        transcript = Transcript(style)
        qtbot.addWidget(transcript)
        transcript.resize(*size)
        transcript.show()
        transcript.set_entries(entries)
        settle(qtbot, transcript)
        return transcript

    return make


def settle(qtbot, transcript):
    qtbot.waitUntil(lambda: transcript.idle, timeout=10_000)
    QApplication.processEvents()


def view_of(transcript) -> View:
    found: View = transcript.findChild(View)
    return found


def bar_of(transcript):
    return view_of(transcript).verticalScrollBar()


def messages(transcript) -> dict[str, Message]:
    return {m.entry.key: m for m in transcript.findChildren(Message) if not m.isHidden()}


def talk(count, text=LONG):
    return [
        Entry(f"m{at}", "User" if at % 2 == 0 else "Assistant", "", f"number {at}\n\n{text}")
        for at in range(count)
    ]


def text_of(message: Message) -> str:
    return message.body.toPlainText().strip("\n")


def at_end(transcript) -> bool:
    return bool(bar_of(transcript).value() == bar_of(transcript).maximum())


def button(parent: QWidget, name: str) -> FlatButton:
    (found,) = [b for b in parent.findChildren(FlatButton) if b.accessibleName() == name and not b.isHidden()]
    return found


def test_it_shows_markdown_from_the_end(shown):
    transcript = shown(talk(30))
    assert transcript.following
    assert at_end(transcript)
    built = messages(transcript)
    assert "m29" in built
    assert "m0" not in built
    assert len(built) <= 40
    assert "some words" in text_of(built["m29"])
    assert transcript.keys()[:2] == ["m0", "m1"]


def test_a_conversation_of_any_length_builds_few_widgets(shown, qtbot):
    transcript = shown(talk(5000))
    assert len(messages(transcript)) <= 40
    for value in range(0, bar_of(transcript).maximum(), bar_of(transcript).maximum() // 12):
        bar_of(transcript).setValue(value)
        settle(qtbot, transcript)
        assert len(messages(transcript)) <= 40


def test_fed_text_is_drawn_by_the_tick_and_followed(shown, qtbot):
    transcript = shown(talk(10))
    transcript.append(Entry("live", "Assistant", "", "", streaming=True))
    settle(qtbot, transcript)
    for part in ("Hello ", "**wor", "ld**", "\n\n```py\nx = 1", "\n```\n") + ("more text\n\n",) * 30:
        transcript.feed("live", part)
    assert text_of(messages(transcript)["live"]) == ""
    settle(qtbot, transcript)
    assert text_of(messages(transcript)["live"]).startswith("Hello world\nx = 1\nmore text")
    assert at_end(transcript)
    transcript.finish("live")
    settle(qtbot, transcript)
    assert at_end(transcript)
    assert not transcript.entry("live").streaming
    assert transcript.entry("live").text.startswith("Hello **world**")


def test_scrolling_up_releases_at_once_and_the_pill_leads_back(shown, qtbot):
    transcript = shown(talk(20))
    transcript.append(Entry("live", "Assistant", "", LONG, streaming=True))
    settle(qtbot, transcript)
    where = QPointF(200, 200)
    up = QWheelEvent(
        where, transcript.mapToGlobal(where), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view_of(transcript).viewport(), up)
    assert not transcript.following
    settle(qtbot, transcript)
    place = messages(transcript)["live"].y()
    for _ in range(20):
        transcript.feed("live", LONG)
        settle(qtbot, transcript)
    assert messages(transcript)["live"].y() == place
    transcript.finish("live")
    settle(qtbot, transcript)
    assert messages(transcript)["live"].y() == place, "it never jumps at the end of a stream"
    transcript.append(Entry("next", "User", "", "hi"))
    settle(qtbot, transcript)
    pill = button(transcript, "Jump to latest (1 new)")
    assert pill.isVisible()
    pill.click()
    settle(qtbot, transcript)
    assert at_end(transcript)
    assert not pill.isVisible()


def test_what_is_read_stays_in_place_when_heights_above_are_corrected(shown, qtbot):
    entries = [Entry(f"m{at}", "Assistant", "", "- x\n" * (at % 7 * 9) + LONG) for at in range(60)]
    transcript = shown(entries)
    bar = bar_of(transcript)
    for _ in range(25):
        before = {key: m.y() for key, m in messages(transcript).items() if 0 <= m.y() < 600}
        bar.setValue(bar.value() - 300)
        for key, y in before.items():
            now = messages(transcript).get(key)
            if now is not None and 0 <= now.y() < 600:
                assert now.y() == y + 300
        settle(qtbot, transcript)


def test_replace_keeps_the_text_that_is_alike(shown, qtbot):
    transcript = shown(talk(3))
    message = messages(transcript)["m2"]
    old = transcript.entry("m2")
    chips = (Chip("Hate: safe", "ok", "<b>severity</b> 0"),)
    transcript.replace(
        "m2", Entry("m2b", "Assistant", "later", old.text, chips=chips, footer="12 tokens", note="Stopped")
    )
    settle(qtbot, transcript)
    assert messages(transcript)["m2b"] is message
    assert "Stopped" in message.accessibleDescription()
    assert "Hate: safe" in message.accessibleDescription()
    transcript.replace("m2b", Entry("m2b", "Assistant", "", "other *text*"))
    settle(qtbot, transcript)
    assert text_of(message) == "other text"
    assert transcript.entry("m2b").text == "other *text*"


def test_remove_from_and_keys(shown, qtbot):
    transcript = shown(talk(6))
    transcript.feed("m5", "lost")
    transcript.remove_from("m3")
    settle(qtbot, transcript)
    assert transcript.keys() == ["m0", "m1", "m2"]
    with pytest.raises(KeyError):
        transcript.feed("m4", "x")
    transcript.append(Entry("m3", "User", "", "again"))
    with pytest.raises(ValueError, match="already"):
        transcript.append(Entry("m3", "User", "", "again"))
    settle(qtbot, transcript)
    assert text_of(messages(transcript)["m3"]) == "again"


def test_text_fed_out_of_sight_is_there_when_it_comes_into_sight(shown, qtbot):
    transcript = shown([Entry("first", "Assistant", "", "start", streaming=True), *talk(40)])
    transcript.feed("first", " and **end**")
    transcript.finish("first")
    settle(qtbot, transcript)
    assert "first" not in messages(transcript)
    transcript.scroll_to("first")
    settle(qtbot, transcript)
    assert text_of(messages(transcript)["first"]) == "start and end"
    assert 0 <= messages(transcript)["first"].y() < 20


def test_actions_and_siblings_report_their_message(shown, qtbot):
    actions = (Action("copy", "Copy"), Action("again", "Regenerate"))
    entry = Entry("a", "Assistant", "", "**bold** text", actions=actions, position=(2, 3))
    transcript = shown([*talk(2), entry])
    message = messages(transcript)["a"]
    with qtbot.waitSignal(transcript.action_requested) as asked:
        button(message, "Regenerate").click()
    assert asked.args == ["a", "again"]
    with qtbot.waitSignal(transcript.action_requested) as asked:
        button(message, "Copy").click()
    assert QGuiApplication.clipboard().text() == "**bold** text"
    with qtbot.waitSignal(transcript.sibling_requested) as asked:
        button(message, "Next version").click()
    assert asked.args == ["a", 1]
    transcript.replace("a", Entry("a", "Assistant", "", "**bold** text", actions=actions, position=(3, 3)))
    assert not button(message, "Next version").isEnabled()


def test_everything_that_can_be_pressed_has_a_name(shown):
    text = "```python\nx\n```\n" + "y" * 9000
    transcript = shown([Entry("a", "Assistant", "", text, actions=(Action("x", "Do"),), position=(1, 2))])
    pressed = transcript.findChildren(QAbstractButton)
    names = [each.accessibleName() or each.toolTip() for each in pressed if isinstance(each, FlatButton)]
    assert len(names) >= 5
    assert all(names)
    assert messages(transcript)["a"].body.accessibleName()


def test_tab_goes_through_the_messages_in_order_and_out(shown, qtbot):
    transcript = shown(
        [Entry(f"m{at}", "User", "", f"text {at}", actions=(Action("x", f"Do {at}"),)) for at in range(30)]
    )
    host = QWidget()
    qtbot.addWidget(host)
    transcript.setParent(host)
    after = FlatButton("After", view_of(transcript).formats, host)
    host.resize(900, 600)
    host.show()
    host.activateWindow()
    bar_of(transcript).setValue(0)
    settle(qtbot, transcript)
    view_of(transcript).setFocus()
    names = []
    for _ in range(200):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        settle(qtbot, transcript)
        if QApplication.focusWidget() is after:
            break
        names.append(QApplication.focusWidget().accessibleName())
    assert [name for name in names if name.startswith("Do")] == [f"Do {at}" for at in range(30)]
    assert QApplication.focusWidget() is after
    transcript.setParent(None)  # or both would close it


def test_keys_scroll(shown, qtbot):
    transcript = shown(talk(30))
    view, bar = view_of(transcript), bar_of(transcript)
    end = bar.value()
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert not transcript.following
    assert end - bar.value() > 400
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert 0 < bar.value() < 100
    qtbot.keyClick(view, Qt.Key.Key_End)
    settle(qtbot, transcript)
    assert transcript.following
    qtbot.keyClick(messages(transcript)["m29"].body, Qt.Key.Key_Up)
    assert not transcript.following


def test_links_are_reported_and_never_opened(shown, qtbot):
    text = "[yes](https://example.com/a%20b) [no](file:///etc/passwd) ![no](http://x/y.png)"
    transcript = shown([Entry("a", "Assistant", "", text)])
    body = messages(transcript)["a"].body
    with qtbot.waitSignal(transcript.link_activated) as opened:
        body.anchorClicked.emit("https://example.com/a%20b")
    assert opened.args == ["https://example.com/a%20b"]
    body.highlighted.emit("https://xn--80ak6aa92e.example/?<b>")
    assert "xn--80ak6aa92e.example" in body.viewport().toolTip()
    assert "<b>" not in body.viewport().toolTip()
    body.highlighted.emit("")
    assert not body.viewport().toolTip()
    with qtbot.assertNotEmitted(transcript.link_activated):
        body.anchorClicked.emit("file:///etc/passwd")
    assert "file:///etc/passwd" in text_of(messages(transcript)["a"])
    assert body.document().loadResource(2, "file:///etc/passwd") is None


def test_copied_text_is_plain(shown):
    text = "# H\n\n- a **b**\n- [ ] c\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n`\u202ex` \x00 end"
    transcript = shown([Entry("a", "Assistant", "", text)])
    body = messages(transcript)["a"].body
    body.selectAll()
    data = body.createMimeDataFromSelection()
    assert data.formats() == ["text/plain"]
    assert data.text() == "H\n• a b\n☐ c\nh\ti\n1\t2\nx \ufffd end"


def test_a_cut_word_is_copied_in_one_piece_and_shown_whole_on_demand(shown, qtbot):
    transcript = shown([Entry("a", "Assistant", "", "start\n\n" + "😀x" * 5000 + "\n\nend")])
    message = messages(transcript)["a"]
    assert message.body.toPlainText().count("x") == 1000
    button(message, "Show all 10,000 characters").click()
    settle(qtbot, transcript)
    assert message.body.toPlainText().count("x") == 5000
    message.body.selectAll()
    assert message.body.createMimeDataFromSelection().text() == "start\n" + "😀x" * 5000 + "\nend"


def test_code_is_copied_whole(shown):
    lines = [f"line {at}" for at in range(1500)]
    transcript = shown([Entry("a", "Assistant", "", "```python\n" + "\n".join(lines) + "\n```")])
    button(messages(transcript)["a"], "Copy the python code").click()
    assert QGuiApplication.clipboard().text() == "\n".join(lines)


def test_letters_are_shown_as_they_stand(shown):
    transcript = shown([Entry("a", "User", "", "# not a *head*\n\n  <b>", markdown=False)])
    assert messages(transcript)["a"].body.toPlainText().strip("\n") == "# not a *head*\n\n  <b>"


def test_a_style_redraws_and_a_width_lays_out_again(shown, qtbot):
    transcript = shown(talk(30))
    message = messages(transcript)["m29"]
    height = message.height()
    transcript.set_style(TranscriptStyle.dark_scheme().scaled(1.5))
    settle(qtbot, transcript)
    assert messages(transcript)["m29"] is message
    assert message.height() > height * 1.2
    assert "number 29" in text_of(message)
    assert at_end(transcript)
    height = message.height()
    transcript.resize(420, 600)
    settle(qtbot, transcript)
    assert message.height() > height * 1.2
    assert message.width() <= 420
    assert at_end(transcript)


def test_a_style_from_plain_values():
    style = transcript_style({"dark": True, "accent": "#ff0000", "body": 20})
    assert (style.accent, style.body) == ("#ff0000", 20)
    assert style.background == TranscriptStyle.dark_scheme().background
    with pytest.raises(TypeError, match="colour"):
        transcript_style({"colour": "red"})


def test_a_style_that_changes_while_text_comes_in_loses_nothing(shown, qtbot):
    transcript = shown([Entry("live", "Assistant", "", "", streaming=True)])
    for at in range(12):
        transcript.feed("live", f"\n| row {at} | x |" if at > 1 else ("| a | b |", "\n|---|---|")[at])
        if at % 3 == 0:
            settle(qtbot, transcript)
            transcript.set_style(TranscriptStyle.light().scaled(1 + at / 20))
    transcript.finish("live")
    settle(qtbot, transcript)
    assert [line for line in text_of(messages(transcript)["live"]).split("\n") if "row" in line] == [
        f"row {at}" for at in range(2, 12)
    ]


def test_what_is_on_the_screen_is_what_a_fresh_painting_shows(shown, qtbot):
    transcript = shown(talk(12))
    transcript.append(Entry("live", "Assistant", "", "", streaming=True))
    text = (
        LONG
        + "```py\nx = 1\n```\n\n| a | b |\n|---|---|\n"
        + "| 1 | 2 |\n" * 20
        + "\n- a\n- b\n\n> q\n\nend of it"
    )

    def same() -> bool:
        QApplication.processEvents()
        seen = (
            transcript.screen()
            .grabWindow(transcript.winId())
            .toImage()
            .convertToFormat(QImage.Format.Format_RGB32)
        )
        fresh = transcript.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return bool(seen == fresh)

    for at in range(0, len(text), 97):
        transcript.feed("live", text[at : at + 97])
        settle(qtbot, transcript)
    assert same()
    transcript.finish("live")
    settle(qtbot, transcript)
    assert same()
    for step in (-300, -41, 77, -2000, 33):
        bar_of(transcript).setValue(bar_of(transcript).value() + step)
        settle(qtbot, transcript)
        assert same()
