"""Character cards as JSON: the forms V1, V2 and V3 that SillyTavern, Agnai, RisuAI and others exchange.

Source: github.com/malfoyslastname/character-card-spec-v2, spec_v1.md and spec_v2.md. V3 keeps the fields of V2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chatbot_app.core.characters import Character
from chatbot_app.core.generation import DEFAULT_SYSTEM_PROMPT, USUAL_SETTINGS
from chatbot_app.core.text import clean_text, first_words

_SPECS = ("chara_card_v2", "chara_card_v3")
_PERSONA = ("description", "personality", "scenario", "first_mes", "mes_example", "system_prompt")
_NOTES = 280  # characters of what the card's maker wrote to people
_START = re.compile(r"<START>", re.IGNORECASE)
_SPEAKER = re.compile(
    r"^[ \t]*(?P<who>\{\{user\}\}|<USER>|\{\{char\}\}|<BOT>)[ \t]*:[ \t]?", re.IGNORECASE | re.MULTILINE
)
_MACRO = re.compile(r"\{\{(?P<name>char|user|original)\}\}|<(?P<old>BOT|USER)>", re.IGNORECASE)
_USER = "User"


def is_card(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a character card of any of the forms."""
    if document.get("spec") in _SPECS:
        return True
    return isinstance(document.get("name"), str) and any(_text(document, key) for key in _PERSONA)


def character_of_card(document: Mapping[str, Any]) -> Character | None:
    """Return the character of a card; None where it has no name, or says nothing of the character.

    Everything that a card says to the model becomes the system prompt, in the order in which programs that read cards
    put it; exchanges that are shown as examples become examples. What is for people and programs alone (alternative
    greetings, a book of lore, tags, extensions, the picture) is left out.
    """
    inner = document.get("data")
    card: Mapping[str, Any] = inner if isinstance(inner, dict) else document
    name = " ".join(_text(card, "name").split())
    if not name or not any(_text(card, key) for key in _PERSONA):
        return None
    pairs, rest = _exchanges(_text(card, "mes_example"))
    prompt = _filled(_text(card, "system_prompt"), name, DEFAULT_SYSTEM_PROMPT)
    parts = [prompt or f"You are {name}. Stay in character."]
    for key, words in (
        ("description", ""),
        ("personality", f"{name}'s personality: "),
        ("scenario", "Scenario: "),
        ("first_mes", f"{name} opens the conversation with these words:\n"),
    ):
        text = _filled(_text(card, key), name)
        if text:
            parts.append(f"{words}{text}")
    if rest:
        parts.append(f"Examples of what is said:\n{_filled(rest, name)}")
    after = _filled(_text(card, "post_history_instructions"), name)
    if after:
        parts.append(after)
    notes = _text(card, "creator_notes")
    return Character(
        name,
        replace(USUAL_SETTINGS, system_prompt="\n\n".join(parts)),
        first_words(notes, _NOTES) if notes else "",
        tuple((_filled(given, name), _filled(answer, name)) for given, answer in pairs),
    )


def _text(card: Mapping[str, Any], key: str) -> str:
    value = card.get(key)
    return clean_text(value).replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _filled(text: str, name: str, original: str = "") -> str:
    words = {"char": name, "bot": name, "user": _USER, "original": original}
    return _MACRO.sub(lambda found: words[(found["name"] or found["old"]).casefold()], text).strip()


def _exchanges(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return the exchanges of examples, or else the text as it is, where it is written in any other way."""
    pairs: list[tuple[str, str]] = []
    for block in filter(str.strip, _START.split(text)):
        marks = list(_SPEAKER.finditer(block))
        ends = [mark.start() for mark in marks[1:]] + [len(block)]
        said = (
            [block[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)] if marks else []
        )
        speakers = [mark["who"].casefold() in ("{{user}}", "<user>") for mark in marks]
        in_turn = speakers == [True, False] * (len(marks) // 2)
        if not marks or not in_turn or block[: marks[0].start()].strip():
            return [], text
        pairs += list(zip(said[::2], said[1::2], strict=True))
    return pairs, ""
