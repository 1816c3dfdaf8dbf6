"""One window per data folder: a second launch brings the first one forward."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 500
_RAISE = b"raise\n"


class SingleInstance(QObject):
    """Listens, in the process that owns the data folder, for launches that came later.

    The lock on the folder decides who owns it; this only carries the wish to come forward.
    """

    raise_requested = Signal()

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        name = _name(data_dir)
        # Whoever left it behind is dead: the lock on the folder is ours.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    @Slot()
    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.raise_requested.emit()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


def raise_first_instance(data_dir: Path) -> bool:
    """Ask the window that owns the data folder to come forward; False where none answers."""
    socket = QLocalSocket()
    socket.connectToServer(_name(data_dir))
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(_RAISE)
    socket.waitForBytesWritten(CONNECT_MS)
    socket.disconnectFromServer()
    return True


def _name(data_dir: Path) -> str:
    folder = str(data_dir.expanduser().resolve())
    digest = hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return f"chatbot-app-{digest}"
