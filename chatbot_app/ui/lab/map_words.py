"""What is said below the map of the library: what it shows, how far it is, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from chatbot_app.ui.models.model_words import one_line
from chatbot_app.workers.library_map import LibraryMap


def map_words(made: LibraryMap | None, *, is_stopped: bool = False) -> str:
    """Return the sentences of a map; of None, which is none yet, whether it is on its way."""
    if made is None:
        return _tr("Stopped before anything was drawn.") if is_stopped else _tr("The library is being read…")
    shown = [_tr("%n passage(s)", len(made.library.ids))]
    shown.append(_tr("vectors by {model}").replace("{model}", one_line(made.library.model)))
    if made.library.left_out:
        shown.append(_tr("%n drawn by lot are left out", made.library.left_out))
    return (
        ", ".join(shown) + ". " + (_stopped(made) if is_stopped and not is_laid_out(made) else _state(made))
    )


def is_laid_out(made: LibraryMap) -> bool:
    """Return whether nothing is left to do."""
    return made.trust[1] > 0


def _state(made: LibraryMap) -> str:
    if made.graph is None:
        return _tr("Neighbours are looked for: {n} %").format(n=_percent(made.found))
    if is_laid_out(made):
        return _tr(
            "Trustworthiness: {flat} of the main directions, {near} of the neighbours (1: who is near here is near there)."
        ).format(flat=f"{made.trust[0]:.2f}", near=f"{made.trust[1]:.2f}")
    return _tr("Neighbours draw together: {n} %").format(n=_percent(made.share))


def _stopped(made: LibraryMap) -> str:
    if made.embedded is None:
        return _tr("Stopped before neighbours drew together: the main directions (PCA) are shown.")
    return _tr("Stopped when neighbours had drawn together to {n} %.").format(n=_percent(made.share))


def _percent(share: float) -> int:
    return int(100 * share)  # 100 only when it is done


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("PassageMapTab", text, None, count)
