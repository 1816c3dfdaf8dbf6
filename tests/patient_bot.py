"""Waits for facts as long as a machine may take whose cores others hold.

A fact that comes ends its wait at once: patience costs only where a test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE_SECONDS

PATIENCE_MS = round(1000 * PATIENCE_SECONDS)


class PatientBot(QtBot):
    """pytest-qt's, whose waits end after a minute and not after five seconds; a longer limit holds."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))

    def waitSignal(self, signal: Any, *, timeout: int = 0, raising: bool | None = None, **how: Any) -> Any:
        # Who does not want an error waits for nothing to happen: that takes as long as it says.
        patient = timeout if raising is False else max(timeout, PATIENCE_MS)
        return super().waitSignal(signal, timeout=patient, raising=raising, **how)

    def waitSignals(self, signals: Any, *, timeout: int = 0, raising: bool | None = None, **how: Any) -> Any:
        patient = timeout if raising is False else max(timeout, PATIENCE_MS)
        return super().waitSignals(signals, timeout=patient, raising=raising, **how)

    def waitExposed(self, widget: QWidget, *, timeout: int = 0) -> Any:
        return super().waitExposed(widget, timeout=max(timeout, PATIENCE_MS))

    def waitActive(self, widget: QWidget, *, timeout: int = 0) -> Any:
        return super().waitActive(widget, timeout=max(timeout, PATIENCE_MS))
