"""One window for one profile: a second start raises the first window instead of opening another."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MS = 500


class SingleInstance(QObject):
    """Holds the name of a profile while its window is open, and hears when somebody starts it again."""

    raise_requested = Signal()

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._name = "playground-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:24]
        self._server: QLocalServer | None = None

    def raise_other(self) -> bool:
        """Whether another window of this profile was there and has been asked to come to the front."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        reached = socket.waitForConnected(ANSWER_MS)
        if reached:
            socket.disconnectFromServer()
        return reached

    def listen(self) -> None:
        """Become the window that later starts find; only this user can reach it."""
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)  # left behind by a process that was killed
            self._server.listen(self._name)

    def close(self) -> None:
        """Let the name go."""
        if self._server is not None:
            self._server.close()

    def _on_connection(self) -> None:
        if self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
        self.raise_requested.emit()
