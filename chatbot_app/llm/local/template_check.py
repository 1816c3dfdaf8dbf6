"""Whether a running child uses the guarded chat template: llama.cpp takes another one where it cannot read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_PLAIN = "x"
_TRIED = 3  # control texts; all are broken by the same lines

Ask = Callable[[str, dict[str, Any]], Any]


class TemplateUnusable(ValueError):
    """The template fails, or what it makes of a message lets control tokens through."""


def check_template(ask: Ask, control_texts: Sequence[str]) -> None:
    """Have a plain message and some that spell control tokens put into the template; raises TemplateUnusable.

    `ask(path, body)` sends a request to the child and raises OSError or ValueError where it refuses it.
    """
    plain = _prompt(ask, _PLAIN)
    if _PLAIN not in plain:
        raise TemplateUnusable("it leaves the question out")
    for text in control_texts[:_TRIED]:
        # Twice the same: what the template itself writes is in both.
        if _prompt(ask, f"{_PLAIN}{text}{_PLAIN}").count(text) > plain.count(text):
            raise TemplateUnusable("llama.cpp cannot read it")


def _prompt(ask: Ask, content: str) -> str:
    try:
        answer = ask("/apply-template", {"messages": [{"role": "user", "content": content}]})
        return str(answer["prompt"])
    except (OSError, ValueError, LookupError, TypeError) as exc:
        raise TemplateUnusable("it fails for a plain question") from exc
