"""The parts of a prompt as they are shown: in which order, under which name, in which colour."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from chatbot_app.core.prompt_plan import PartKind, PromptPlan

REPLY, FREE, PICTURE = "part_reply", "raised", "part_picture"  # colours of what is no text

_INKS = {
    PartKind.SYSTEM: "part_system",
    PartKind.PINNED: "part_pinned",
    PartKind.SUMMARY: "part_summary",
    PartKind.HISTORY: "part_history",
    PartKind.RECALLED: "part_recalled",
    PartKind.PASSAGE: "part_passage",
    PartKind.QUESTION: "part_question",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of part takes of the window; `ink` names the colour in `ui.theme.Colors`."""

    ink: str
    name: str
    tokens: int
    share: float  # of the window


def _tr(words: str) -> str:
    return QCoreApplication.translate("PlanWords", words)


def kind_name(kind: PartKind) -> str:
    """Return what one part of a kind is called."""
    return {
        PartKind.SYSTEM: _tr("System prompt"),
        PartKind.PINNED: _tr("Pinned"),
        PartKind.SUMMARY: _tr("Summary"),
        PartKind.HISTORY: _tr("History"),
        PartKind.RECALLED: _tr("Recalled"),
        PartKind.PASSAGE: _tr("Passage"),
        PartKind.QUESTION: _tr("Question"),
    }[kind]


def ink_of(kind: PartKind) -> str:
    """Return the name of the colour of a kind."""
    return _INKS[kind]


def shares_of(plan: PromptPlan) -> list[Share]:
    """Return what is sent, from the start of the window to its end, then the reserve and what is free.

    Kinds without a token are left out; what is free always stands last. What the chat template adds
    counts as system.
    """
    window = max(plan.window, plan.tokens + plan.reply_reserve, 1)
    tokens = dict.fromkeys(PartKind, 0)
    for part in plan.parts:
        if part.included:
            tokens[part.kind] += part.tokens - part.picture_tokens
    tokens[PartKind.SYSTEM] += plan.overhead_tokens
    rows = [(_INKS[kind], _plural_name(kind), count) for kind, count in tokens.items()]
    rows.append((PICTURE, _tr("Pictures"), plan.picture_tokens))
    rows.append((REPLY, _tr("Reserved for the answer"), plan.reply_reserve))
    shown = [Share(ink, name, count, count / window) for ink, name, count in rows if count > 0]
    free = max(0, plan.budget - plan.tokens)
    return [*shown, Share(FREE, _tr("Free"), free, free / window)]


def _plural_name(kind: PartKind) -> str:
    return _tr("Passages") if kind is PartKind.PASSAGE else kind_name(kind)


def left_out(plan: PromptPlan) -> int:
    """Return how many parts were left out for want of room; what the person excluded is not among them."""
    return sum(1 for part in plan.parts if part.over_budget)


def tokens_in_words(tokens: int, *, exact: bool = True) -> str:
    """Return a number of tokens with its thousands apart, and "about" where it is an estimate."""
    number = QLocale().toString(tokens)
    return number if exact else _tr("about {number}").format(number=number)


def percent(share: float) -> str:
    """Return a share in whole per cent; what is there at all is never 0 %."""
    return _tr("{percent} %").format(percent="<1" if 0 < share < 0.005 else round(100 * share))
