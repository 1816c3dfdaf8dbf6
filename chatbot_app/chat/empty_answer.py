"""An answer that ended without a word of it, explained."""

from __future__ import annotations

from chatbot_app.core.errors import NoAnswerText

_DETAILS = {
    "content_filter": (": it was withheld by a filter", "Ask in other words, or choose another model."),
    "tool_calls": (
        ": the model asked for a tool, and none is offered",
        "Try again, or choose another model.",
    ),
    "length": (
        ": the length limit was reached before it",
        "Raise the length of answers in Settings, then try again.",
    ),
}
_THOUGHT = (" after it had thought", "Try again, or choose another model.")
_THOUGHT_TOO_LONG = (
    ": thinking took all of its length",
    "Raise the length of answers in Settings, then try again.",
)


def empty_answer(server_name: str, finish_reason: str, *, thought: bool) -> NoAnswerText:
    """Return the error of an answer without text; `thought` tells whether there was reasoning."""
    detail, advice = _DETAILS.get(finish_reason, ("", "Try again, or choose another model."))
    if thought:
        detail, advice = {"": _THOUGHT, _DETAILS["length"][0]: _THOUGHT_TOO_LONG}.get(
            detail, (detail, advice)
        )
    return NoAnswerText(server=server_name, detail=detail, advice=advice)
