"""One window per data folder: a second launch brings the first one forward and hands it its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QThread, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 500
ANSWER_MS = 5_000  # how long a busy window may take to hear us
STARTING_MS = 3_000  # between taking the lock and listening, a window is being built
_LONGEST_MESSAGE = 1_000_000
_TAKEN = b"taken\n"


class SingleInstance(QObject):
    """Listens, in the process that owns the data folder, for launches that came later.

    The lock on the folder decides who owns it; this only carries the wish to come forward and the files.
    """

    raise_requested = Signal()
    files_given = Signal(list)  # absolute paths, list[Path]

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        name = _name(data_dir)
        # Whoever left it behind is dead: the lock on the folder is ours.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    @Slot()
    def _welcome(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._read)
            # One that says nothing, or without end, is no launch of ours.
            QTimer.singleShot(ANSWER_MS, socket, socket.abort)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST_MESSAGE:
                socket.abort()
            return
        files = _files_of(bytes(socket.readLine(_LONGEST_MESSAGE).data()))
        if files is None:
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        socket.disconnectFromServer()
        self.raise_requested.emit()
        if files:
            self.files_given.emit(files)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


def raise_first_instance(data_dir: Path, files: Sequence[Path] = (), patience_ms: int = STARTING_MS) -> bool:
    """Ask the window that owns the data folder to come forward and to take `files`, absolute paths.

    False where none answers within `patience_ms`, or one answers that does not say it took them.
    """
    clock = QElapsedTimer()
    clock.start()
    socket = QLocalSocket()
    socket.connectToServer(_name(data_dir))
    while not socket.waitForConnected(CONNECT_MS):
        if clock.elapsed() >= patience_ms:
            return False
        QThread.msleep(50)
        socket.connectToServer(_name(data_dir))
    # Names that are no valid text keep their bytes: JSON carries the lone surrogates that stand for them.
    socket.write(json.dumps({"files": [str(path) for path in files]}).encode("ascii") + b"\n")
    socket.flush()
    answer = bytearray()
    clock.restart()
    while not answer.endswith(_TAKEN) and clock.elapsed() < ANSWER_MS:
        if not socket.waitForReadyRead(CONNECT_MS) and socket.state() != (
            QLocalSocket.LocalSocketState.ConnectedState
        ):
            break
        answer += bytes(socket.readAll().data())
    socket.abort()
    return answer.endswith(_TAKEN)


def _files_of(line: bytes) -> list[Path] | None:
    """Return the absolute paths that a launch sent; None where it is not a message of ours."""
    try:
        message = json.loads(line)
        files = [Path(text) for text in message["files"] if "\0" not in text]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return [path for path in files if path.is_absolute()]


def _name(data_dir: Path) -> str:
    folder = str(data_dir.expanduser().resolve())
    digest = hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return f"chatbot-app-{digest}"
