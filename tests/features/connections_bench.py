"""The Connections page on a real workbench with a temporary profile, for the tests that drive it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit

from playground.features.connections.page import build
from playground.features.connections.view import ConnectionsView
from playground.settings.file import Settings, SettingsFile
from playground.settings.profiles import ConnectionProfile
from playground.settings.secrets import EnvironmentSecrets, LayeredSecrets, MemorySecrets
from playground.tasks import TaskScope
from playground.workbench.choices import Choices
from playground.workbench.connections import Connections


@dataclass
class Bench:
    """A workbench on a temporary profile, and what the page said."""

    choices: Choices
    connections: Connections
    secrets: MemorySecrets
    tasks: TaskScope
    folder: Path
    said: list[tuple[str, Callable[[], None] | None]] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    @property
    def notices(self) -> SimpleNamespace:
        return SimpleNamespace(say=lambda text, undo=None: self.said.append((text, undo)))


def open_page(
    folder: Path, qtbot, *profiles: ConnectionProfile, shown: str = ""
) -> tuple[ConnectionsView, Bench]:
    """The page, with these connections saved."""
    settings = Settings().with_preferences(last_connection=shown or (profiles[0].id if profiles else ""))
    for profile in profiles:
        settings = settings.with_profile(profile)
    errors: list[BaseException] = []
    tasks = TaskScope(errors.append, "page")
    choices = Choices(SettingsFile(folder / "settings.json"), settings, tasks)
    memory = MemorySecrets()
    secrets = LayeredSecrets(EnvironmentSecrets(), memory)

    async def no_service():
        raise AssertionError("nobody asked for the embedded service")

    connections = Connections(choices, secrets, no_service, lambda exchange: None)
    bench = Bench(choices, connections, memory, tasks, folder, errors=errors)
    view = build(bench, tasks)  # type: ignore[arg-type]
    assert isinstance(view, ConnectionsView)
    qtbot.addWidget(view)
    view.resize(1300, 900)
    view.show()
    return view, bench


async def close(view: ConnectionsView, bench: Bench) -> None:
    """As the window does it."""
    await view.close_page()
    await bench.choices.flush()
    await bench.tasks.close()
    await bench.connections.close()
    assert bench.errors == []


def paste(widget: QPlainTextEdit, text: str) -> None:
    """Paste as the clipboard would, without touching the machine's."""
    data = QMimeData()
    data.setText(text)
    widget.insertFromMimeData(data)


def saved(bench: Bench, profile_id: str) -> ConnectionProfile:
    profile = bench.choices.settings.profile(profile_id, {})
    assert profile is not None
    return profile
