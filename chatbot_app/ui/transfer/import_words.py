"""What came, or will come, of files of conversations, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from chatbot_app.core.carried import Arrival

if TYPE_CHECKING:
    from chatbot_app.chat.transfer.importing import ImportSummary


def _tr(words: str, count: int = -1) -> str:
    if count < 0:
        return QCoreApplication.translate("ImportDialog", words)
    one, _, many = words.partition("|")
    said = QCoreApplication.translate("ImportDialog", one if count == 1 else many)
    return said.replace("{n}", QLocale().toString(count))


def what_is_there(summary: ImportSummary) -> str:
    """Return what files hold: how many conversations of which programs, from when to when."""
    if not summary.conversations and not summary.not_chosen:
        return _tr("No conversations were found in what you chose.")
    found = summary.conversations + summary.not_chosen
    parts = [_tr("1 conversation was found.|{n} conversations were found.", found)]
    if len(summary.formats) > 1:
        counts = (f"{name}: {QLocale().toString(count)}" for name, count in summary.formats.items())
        parts.append(_tr("By program: {names}.").replace("{names}", ", ".join(counts)))
    elif summary.formats:
        parts.append(_tr("Format: {name}.").replace("{name}", next(iter(summary.formats))))
    if summary.earliest:
        first, last = summary.earliest[:10], (summary.latest or summary.earliest)[:10]
        parts.append(_tr("From {first} to {last}.").replace("{first}", first).replace("{last}", last))
    return " ".join(parts)


def what_comes(summary: ImportSummary, *, is_done: bool) -> str:
    """Return what came, or will come, of them, line by line."""
    known, trashed = summary.arrivals[Arrival.KNOWN], summary.arrivals[Arrival.IN_TRASH]
    lines = []
    if summary.arrivals[Arrival.NEW]:
        words = "1 is new.|{n} are new." if not is_done else "1 was added.|{n} were added."
        lines.append(_tr(words, summary.arrivals[Arrival.NEW]))
    if summary.arrivals[Arrival.GROWN]:
        words = (
            "1 has new messages; what is here stays.|{n} have new messages; what is here stays."
            if not is_done
            else "1 got its new messages.|{n} got their new messages."
        )
        lines.append(_tr(words, summary.arrivals[Arrival.GROWN]))
    if known:
        lines.append(
            _tr("1 is here already and stays as it is.|{n} are here already and stay as they are.", known)
        )
    if trashed:
        lines.append(_tr("1 is in the trash and stays there.|{n} are in the trash and stay there.", trashed))
    if summary.not_chosen:
        lines.append(
            _tr(
                "1 was not ticked, and was left out.|{n} were not ticked, and were left out.",
                summary.not_chosen,
            )
        )
    if summary.new_messages:
        lines.append(_tr("1 message is new.|{n} messages are new.", summary.new_messages))
    return "\n".join(lines)


def what_is_left_out(summary: ImportSummary) -> str:
    """Return what does not come, and why, line by line; "" where everything does."""
    return "\n".join(f"{QLocale().toString(count)} × {reason}" for reason, count in summary.left_out.items())
