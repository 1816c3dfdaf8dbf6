"""One window per data folder: a second launch brings the first one forward and hands it its files."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QThread, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from chatbot_app.core.messages import Notice
from chatbot_app.llm.peers import peer_is_this_user
from chatbot_app.workers.instance_socket import (
    RECORD_NAME,
    candidate_names,
    forget_folder,
    is_known_unreachable,
    read_record,
    remove_left_behind,
    write_record,
)

logger = logging.getLogger(__name__)

CONNECT_MS = 500
ANSWER_MS = 15_000  # how long a busy window may take to hear us
# Between taking the lock and listening, a window is being built: seconds on a busy machine, minutes where a large
# store is copied and migrated first.
STARTING_MS = 300_000
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
        self._data_dir = data_dir
        self._name = ""
        self.problem = ""  # why no later launch can reach this window, "" where it can
        # Whoever left it behind is dead: the lock on the folder is ours.
        remove_left_behind(data_dir)
        self._listen()

    def _listen(self) -> None:
        for name in candidate_names(self._data_dir):
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                self.problem = self._server.errorString()
                forget_folder(name)
                continue
            try:
                write_record(self._data_dir, name)
            except OSError as exc:
                self.problem = exc.strerror or str(exc)
                self._server.close()
                forget_folder(name)
                continue
            self._name, self.problem = name, ""
            return
        with contextlib.suppress(OSError):  # then later launches wait before they say so
            write_record(self._data_dir, "")
        logger.warning("later launches cannot reach this window: %s", self.problem)

    @Slot()
    def _welcome(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            if not peer_is_this_user(int(socket.socketDescriptor())):
                socket.abort()
                continue
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
        with contextlib.suppress(OSError):
            (self._data_dir / RECORD_NAME).unlink(missing_ok=True)
        if self._name:
            forget_folder(self._name)
            self._name = ""


def launch_unreachable(reason: str) -> Notice:
    """Return the notice of a window that later launches cannot bring forward."""
    return Notice(
        "LaunchUnreachable",
        f"Starting the program again will not bring this window forward ({reason.rstrip('.')}).",
        "Everything else works; add files with the Documents panel.",
    )


def raise_first_instance(
    data_dir: Path,
    files: Sequence[Path] = (),
    patience_ms: int = STARTING_MS,
    is_owned: Callable[[], bool] = lambda: True,
) -> bool:
    """Ask the window that owns the data folder to come forward and to take `files`, absolute paths.

    One that is being built is waited for, up to `patience_ms`, while the folder `is_owned`. False where none listens
    by then, one listens and does not say it took them, or the one that answers is another user, who is told nothing.
    """
    clock = QElapsedTimer()
    clock.start()
    socket = QLocalSocket()
    while not _connect(socket, data_dir):
        if clock.elapsed() >= patience_ms or is_known_unreachable(data_dir) or not is_owned():
            return False
        QThread.msleep(50)
    if not peer_is_this_user(int(socket.socketDescriptor())):
        logger.warning("another user listens where the window should; nothing was told to it")
        socket.abort()
        return False
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


def _connect(socket: QLocalSocket, data_dir: Path) -> bool:
    name = read_record(data_dir)  # anew each time: a window that is being built writes it last
    if not name:
        return False
    socket.connectToServer(name)
    return socket.waitForConnected(CONNECT_MS)
