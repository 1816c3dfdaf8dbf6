"""How large a model's window is and who says so, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.llm.window_table import table_date
from chatbot_app.ui.context.parts import tokens_in_words

CAN_BE_NAMED = ("table", "assumed", "person", "")  # what a server itself says needs no correction


def _tr(words: str) -> str:
    return QCoreApplication.translate("WindowWords", words)


def source_in_words(source: str) -> str:
    """Return where a window comes from."""
    match source:
        case "server":
            return _tr("from the server")
        case "trained":
            return _tr("what the model was trained with")
        case "memory":
            return _tr("as far as the memory of this machine goes; the model was trained with more")
        case "table":
            return _tr("from the table of {date}").format(date=table_date())
        case "person":
            return _tr("named by you")
        case _:
            return _tr("assumed: neither the server nor the table names it")


def plan_in_words(plan: PromptPlan, model: str | None) -> str:
    """Return the header of the inspector: what is used of which window, and what is kept free."""
    lines = [
        _tr("Prompt: {tokens} of {budget} tokens; {reserve} are kept free for the answer.").format(
            tokens=tokens_in_words(plan.tokens, exact=plan.exact),
            budget=tokens_in_words(max(0, plan.budget)),
            reserve=tokens_in_words(plan.reply_reserve),
        )
    ]
    if not plan.fits:
        over = tokens_in_words(plan.over_budget_tokens)
        lines[0] += " " + _tr("That is {over} too many.").format(over=over)
    elif plan.left_out_tokens:
        out = tokens_in_words(plan.left_out_tokens)
        lines[0] += " " + _tr("{out} tokens were left out for want of room.").format(out=out)
    lines.append(
        _tr("Window of {model}: {window} tokens, {source}.").format(
            model=model or _tr("the model"),
            window=tokens_in_words(plan.window),
            source=source_in_words(plan.window_source),
        )
    )
    return "\n".join(lines)
