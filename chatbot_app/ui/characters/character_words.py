"""What is said of a character: what of it is gone, and what was changed since."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from chatbot_app.core.characters import Character, Missing
from chatbot_app.core.errors import Action
from chatbot_app.core.generation import GENERATION_SETTINGS
from chatbot_app.core.messages import Notice
from chatbot_app.core.visible_text import visible_text

INCOMPLETE = "CharacterIncomplete"  # kind of the notice


def missing_words(missing: Iterable[Missing]) -> str:
    """Return what of a character is gone and what stands for it, in sentences; "" where nothing is."""
    words = {
        Missing.SERVER: _tr("Its server was removed: the usual model answers."),
        Missing.MODEL: _tr("Its model is not on this computer any more: the usual one answers."),
        Missing.SOME_DOCUMENTS: _tr("Some of its collections are gone: answers use the others."),
        Missing.DOCUMENTS: _tr("Its collections are gone: answers use no documents."),
    }
    return " ".join(words[one] for one in missing)


def missing_notice(character: Character, missing: Iterable[Missing]) -> Notice:
    """Return what a person is told who has chosen a character of which something is gone."""
    name = visible_text(character.name)
    return Notice(
        INCOMPLETE,
        _tr("“{name}” is not complete.").replace("{name}", name) + " " + missing_words(missing),
        _tr(
            "Choose a model and documents that are here, then “Keep the changes” in the menu of the character."
        ),
        Action.OPEN_SETTINGS.value,
    )


def changed_words(names: Iterable[str]) -> str:
    """Return in a sentence which settings were changed since; "" where none was."""
    titles = {setting.name: setting.title for setting in GENERATION_SETTINGS}
    titles |= dict.fromkeys(("server_id", "model"), _tr("Model"))
    titles |= dict.fromkeys(("collections", "document_filter"), _tr("Documents"))
    changed = dict.fromkeys(titles.get(name, name) for name in names)
    if not changed:
        return ""
    return _tr("Changed since: {settings}.").replace("{settings}", ", ".join(changed))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CharacterWords", text)
