"""How loud a notice is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How loud a notice is."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
