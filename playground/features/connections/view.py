"""The Connections tab: the list at the left, one connection's form, and the doctor beside it.

Changes save themselves. A Save button would leave a time in which Test examines something other than what is
shown, and other tabs use something older; instead a word beside the name tells when a change is on the disk.
"""

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QVBoxLayout

from playground.features.connections.fields import zoomed
from playground.features.connections.frame import ConnectionFrame
from playground.features.connections.list_pane import ListPane
from playground.features.connections.parse import Pasted, parse_anything
from playground.features.connections.session import ConnectionsSession, Removed
from playground.settings.file import SettingsNotSaved
from playground.settings.profiles import ConnectionProfile
from playground.tasks import TaskScope
from playground.ui.dialogs import choose_open
from playground.workbench.page import PageWidget
from playground.workbench.workbench import Workbench

SAVE_AFTER_MS = 400
LIST_WIDTH = 260
Change = Callable[[ConnectionProfile], Awaitable[ConnectionProfile]]


class ConnectionsView(PageWidget):
    """Shows and edits one connection at a time."""

    def __init__(self, session: ConnectionsSession, bench: Workbench, tasks: TaskScope) -> None:
        super().__init__()
        self._session = session
        self._notices = bench.notices
        self._tasks = tasks
        self._shown_id = session.current_id
        self._turn = asyncio.Lock()
        self.pane = ListPane()
        self.frame = ConnectionFrame()
        self.form = self.frame.form
        self.doctor = self.frame.doctor
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.pane)
        splitter.addWidget(self.frame)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([zoomed(self, LIST_WIDTH), zoomed(self, 3 * LIST_WIDTH)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(splitter)
        self._connect()
        self._unwatch = session.watch(self._on_changed)
        self._show(session.profile(self._shown_id) or session.profiles[0])

    def page_actions(self) -> list[QAction]:
        """What can be done in this tab."""
        return self.actions()

    def activate(self) -> None:
        """Ready to choose."""
        self.pane.list.setFocus()

    async def close_page(self) -> None:
        """Hand over what was typed last, and let a key on its way into the keyring arrive."""
        self.form.commit()
        async with self._turn:
            self._flush()
        self._unwatch()

    def _connect(self) -> None:
        self.pane.chosen.connect(self._on_chosen)
        self.pane.new_requested.connect(self.new_connection)
        self.form.edited.connect(self._on_edited)
        self.form.pasted.connect(self._on_pasted)
        self.form.key_entered.connect(
            lambda text: self._start(lambda profile: self._session.set_key(profile, text))
        )
        self.form.forget_key_requested.connect(lambda: self._start(self._session.forget_key))
        advanced = self.form.advanced
        advanced.proxy_password_entered.connect(
            lambda text: self._start(lambda profile: self._session.set_proxy_password(profile, text))
        )
        advanced.header_entered.connect(
            lambda name, value: self._start(lambda profile: self._session.set_header(profile, name, value))
        )
        advanced.header_removed.connect(
            lambda name: self._start(lambda profile: self._session.remove_header(profile, name))
        )
        advanced.ca_file_requested.connect(lambda: self._tasks.start(self._choose_ca_file(), key="ca file"))
        self.frame.use_button.clicked.connect(lambda: self._session.use(self._shown_id))
        self.frame.delete_button.clicked.connect(lambda: self._tasks.start(self._delete(), key="delete"))
        self.doctor.test_requested.connect(lambda: self._tasks.start(self._test(), key="test"))
        self.doctor.stop_requested.connect(lambda: self._tasks.cancel("test"))
        self._timer.timeout.connect(self._flush)
        for words, slot in (
            ("New connection", self.new_connection),
            ("Test this connection", self.doctor.test_requested.emit),
        ):
            action = QAction(words, self)
            action.triggered.connect(slot)
            self.addAction(action)

    # What the user does

    def _on_chosen(self, profile_id: str) -> None:
        profile = self._session.profile(profile_id)
        if profile is not None and profile_id != self._shown_id:
            self._flush()
            self._show(profile)

    def new_connection(self) -> None:
        """Add a connection and wait for something to be pasted; also what the first run asks for."""
        self._flush()
        self._show(self._session.add())
        self._save_soon()
        self.form.paste.setFocus()

    def _on_edited(self) -> None:
        self.frame.saved.setText("Saving…")
        self._timer.start()

    def _on_pasted(self, text: str) -> None:
        pasted = parse_anything(text)
        self.form.show_found(_found(pasted))
        if not pasted.empty:
            self._start(lambda profile: self._session.apply(profile, pasted))

    # What follows from it

    def _start(self, change: Change) -> None:
        self._tasks.start(self._change(change))

    async def _change(self, change: Change) -> None:
        """One change of secrets after the other; what was typed into the form meanwhile is kept."""
        async with self._turn:
            self._flush()
            before = self._session.profile(self._shown_id)
            if before is None:
                return
            after = await change(before)
            self._flush()
            latest = self._session.profile(before.id) or before
            fields = ConnectionProfile.model_fields
            changed = {
                name: getattr(after, name) for name in fields if getattr(after, name) != getattr(before, name)
            }
            merged = latest.model_copy(update=changed)
            self._session.save(merged)
            if self._shown_id == merged.id:
                self._show(merged, keep_test=True)
            self._save_soon()

    def _flush(self) -> None:
        """Save what the form shows, if it is not what is saved."""
        self._timer.stop()
        if self._session.profile(self._shown_id) is None:
            return
        shown = self.form.profile()
        if shown.id == self._shown_id and shown != self._session.profile(shown.id):
            self._session.save(shown)
            self.form.show_profile(shown, fixed=self._session.from_environment(shown))
            self._tasks.start(self._show_credential(shown), key="credential")
        self._save_soon()

    def _save_soon(self) -> None:
        self._tasks.start(self._write(), key="write")

    async def _write(self) -> None:
        try:
            await self._session.written()
        except SettingsNotSaved as error:
            self.frame.saved.setText(f"Not saved: {error.strerror}")
        else:
            self.frame.saved.setText("Saved")

    async def _delete(self) -> None:
        profile = self._session.profile(self._shown_id)
        if profile is None or profile.built_in:
            return
        self._tasks.cancel("test")
        async with self._turn:
            removed = await self._session.remove(profile)
        self._save_soon()
        self._notices.say(f"{profile.name} was deleted.", lambda: self._take_back(removed))

    def _take_back(self, removed: Removed) -> None:
        self._tasks.start(self._restore(removed))

    async def _restore(self, removed: Removed) -> None:
        async with self._turn:
            await self._session.restore(removed)
            self._show(removed.profile)
            self._save_soon()

    async def _test(self) -> None:
        self.form.commit()
        await asyncio.sleep(0)  # a key just handed over takes its turn first
        async with self._turn:
            self._flush()
        profile = self._session.profile(self._shown_id)
        if profile is None:
            return
        self.doctor.begin()
        try:
            async with aclosing(self._session.examine(profile)) as steps:
                async for step in steps:
                    self.doctor.show_step(step)
        except BaseException:
            if self._shown_id == profile.id:
                self.doctor.end(stopped=True)
            raise
        self.doctor.end()

    async def _choose_ca_file(self) -> None:
        path = await choose_open(self, "CA file", filters=["Certificates (*.pem *.crt *.cer)"])
        if path:
            self.form.advanced.ca_file.setText(str(path))
            self._on_edited()

    async def _show_credential(self, profile: ConnectionProfile) -> None:
        stored = await self._session.has_key(profile)
        if self._shown_id == profile.id:
            where = self._session.secrets_status.sentence
            self.form.show_credential(stored=stored, where=where, entra_installed=_entra_installed())

    # What is shown

    def _on_changed(self) -> None:
        """Connections changed, here or elsewhere in the window."""
        if (profile := self._session.profile(self._shown_id)) is None:
            self._timer.stop()
            self._show(self._session.profiles[0])
        elif not self._timer.isActive() and profile != self.form.profile():
            self._show(profile, keep_test=True)
        self._show_list()

    def _show(self, profile: ConnectionProfile, *, keep_test: bool = False) -> None:
        other = self._shown_id != profile.id
        self._shown_id = profile.id
        if other and not keep_test:
            self._tasks.cancel("test")
            self.doctor.clear()
            self.frame.saved.setText("")
        self.form.show_profile(profile, fixed=self._session.from_environment(profile))
        self._show_list()
        self._tasks.start(self._show_credential(profile), key="credential")

    def _show_list(self) -> None:
        current = self._session.current_id
        self.pane.show_profiles(self._session.profiles, self._shown_id, current)
        profile = self._session.profile(self._shown_id)
        if profile is None:
            return
        self.frame.title.setText(profile.name)
        in_use = profile.id == current
        self.frame.use_button.setEnabled(not in_use)
        self.frame.use_button.setText("In use" if in_use else "Use in all tabs")
        self.frame.delete_button.setVisible(
            not profile.built_in and not self._session.from_environment(profile)
        )


def _found(pasted: Pasted) -> str:
    """What was recognised, without the key."""
    if pasted.empty:
        return pasted.notes[-1]
    parts = [
        name
        for name, present in (
            ("endpoint", pasted.endpoint),
            (f"deployment {pasted.deployment}", pasted.deployment),
            (f"api-version {pasted.api_version}", pasted.api_version),
            ("token" if pasted.kind == "entra" else "key", pasted.key or pasted.key_reference),
            ("a gateway's key header", pasted.headers),
        )
        if present
    ]
    return " ".join([f"Recognised: {', '.join(parts)}.", *pasted.notes])


def _entra_installed() -> bool:
    try:
        return importlib.util.find_spec("azure.identity") is not None
    except ModuleNotFoundError:
        return False
