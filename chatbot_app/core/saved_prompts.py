"""Prompts that a person keeps under a name, and the text that each stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from chatbot_app.core.prompt_template import EXAMPLES, put_at, uses

# Kojima, Gu, Reid, Matsuo & Iwasawa, Large Language Models are Zero-Shot Reasoners, 2022.
STEP_BY_STEP = "Let's think step by step."


@dataclass(frozen=True, slots=True)
class SavedPrompt:
    """A prompt of the library. Its text has places to fill (see `prompt_template`); the id is "" before it is kept."""

    name: str
    text: str
    examples: tuple[tuple[str, str], ...] = ()  # (input, output)
    step_by_step: bool = False
    id: str = ""


def template_of(prompt: SavedPrompt) -> str:
    """Return the whole text, its places for variables not filled yet.

    The examples come where {{examples}} stands, else in front of the text (Brown et al., Language Models are
    Few-Shot Learners, 2020); the words that ask for steps come last.
    """
    shown, text = written_examples(prompt.examples), prompt.text
    if uses(text, EXAMPLES):
        text = put_at(text, EXAMPLES, shown)
    elif shown:
        text = f"{shown}\n\n{text}"
    return f"{text.rstrip()}\n\n{STEP_BY_STEP}" if prompt.step_by_step else text


class Named(Protocol):
    """Something that is found by its name."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...


_Named = TypeVar("_Named", bound=Named)


def offered(prompts: Sequence[_Named], typed: str) -> list[_Named]:
    """Return those whose name holds what was typed: those that begin with it first."""
    wanted = typed.casefold().strip()
    found = [prompt for prompt in prompts if wanted in prompt.name.casefold()]
    return sorted(found, key=lambda prompt: not prompt.name.casefold().startswith(wanted))


def written_examples(examples: Sequence[tuple[str, str]]) -> str:
    """Return examples as they stand in a prompt; "" where there are none."""
    return "\n\n".join(f"Input: {given}\nOutput: {answer}" for given, answer in examples)
