"""Prompts as JSON: {"format": "chatbot-app-prompts", "version": 1, "prompts": [{"name", "text", …}]}."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.core.text import clean_text

FORMAT = "chatbot-app-prompts"
VERSION = 1
_NAMES = ("name", "command", "title", "act")
_TEXTS = ("text", "content", "prompt")


@dataclass(frozen=True, slots=True)
class ReadPrompts:
    """What a file holds. `left_out` counts the entries that are no prompts."""

    prompts: tuple[SavedPrompt, ...]
    left_out: int = 0


def prompts_json(prompts: Iterable[SavedPrompt]) -> str:
    """Return prompts as a JSON document for people and programs."""
    entries = [
        {
            "name": prompt.name,
            "text": prompt.text,
            "examples": examples_list(prompt.examples),
            "step_by_step": prompt.step_by_step,
        }
        for prompt in prompts
    ]
    return (
        json.dumps({"format": FORMAT, "version": VERSION, "prompts": entries}, ensure_ascii=False, indent=2)
        + "\n"
    )


def read_prompts(data: bytes) -> ReadPrompts:
    """Return the prompts of a JSON document: of ours, or a list of objects with a name and a text.

    Open WebUI's have a command or title and a content, other lists an act and a prompt.
    Raises ValueError where it is none of these.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    entries = document.get("prompts") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise ValueError("no list of prompts")
    read = [prompt for prompt in map(_prompt_of, entries) if prompt is not None]
    if entries and not read:
        raise ValueError("no entry is a prompt")
    return ReadPrompts(tuple(read), len(entries) - len(read))


def examples_list(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Return examples as `pairs_of` reads them."""
    return [{"input": given, "output": answer} for given, answer in pairs]


def pairs_of(value: Any) -> tuple[tuple[str, str], ...]:
    """Return the examples of a list of {"input", "output"}; what is something else is left out."""
    return tuple(
        (clean_text(pair["input"]), clean_text(pair["output"]))
        for pair in (value if isinstance(value, list) else ())
        if isinstance(pair, dict)
        and isinstance(pair.get("input"), str)
        and isinstance(pair.get("output"), str)
    )


def _prompt_of(entry: Any) -> SavedPrompt | None:
    if not isinstance(entry, dict):
        return None
    name = next((entry[key] for key in _NAMES if entry.get(key)), None)
    text = next((entry[key] for key in _TEXTS if entry.get(key)), None)
    if (
        not isinstance(name, str)
        or not isinstance(text, str)
        or not name.strip("/ \t\r\n")
        or not text.strip()
    ):
        return None
    return SavedPrompt(
        clean_text(name), clean_text(text), pairs_of(entry.get("examples")), entry.get("step_by_step") is True
    )
