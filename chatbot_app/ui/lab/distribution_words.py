"""Sentences on a distribution, and on what a text does that goes in circles."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from PySide6.QtCore import QCoreApplication

from chatbot_app.lab.repetition import circle_of
from chatbot_app.lab.sampling import Cut
from chatbot_app.llm.logprobs import ScoredToken
from chatbot_app.ui.lab.probability_words import bits, percent, token_words
from chatbot_app.ui.lab.shown_distribution import ShownDistribution

_MOST_TURNS = 8


def entropy_words(shown: ShownDistribution) -> str:
    """Return how uncertain the model is, before and after what reshapes."""
    words = _tr("Entropy {bits} bits, as among {equal} equally likely tokens.")
    if shown.rest > 0:
        words = _tr("Entropy at least {bits} bits, as among {equal} equally likely tokens.")
    said = words.format(bits=f"{bits(shown.entropy):.2f}", equal=_few(exp(shown.entropy)))
    if abs(shown.entropy - shown.reshaped_entropy) > 0.005 and (shown.cut or shown.rest == 0):
        after = _tr("Reshaped: {bits} bits, {equal} tokens.")
        said += " " + after.format(
            bits=f"{bits(shown.reshaped_entropy):.2f}", equal=_few(exp(shown.reshaped_entropy))
        )
    return said


def reshaping_words(shown: ShownDistribution) -> str:
    """Return what each filter cuts off, and what is not known."""
    names = {
        Cut.TOP_K: _tr("Top k"),
        Cut.TOP_P: _tr("Top p"),
        Cut.MIN_P: _tr("Min p"),
        Cut.GREEDY: _tr("Temperature 0"),
    }
    said = [
        _tr("{filter} cuts off {count} tokens that have {share} together.").format(
            filter=names[cut], count=f"{count:,}", share=percent(mass)
        )
        for cut, (count, mass) in shown.cut.items()
    ]
    if shown.rest > 0:
        said.append(
            _tr("The server names the {count} likeliest tokens alone; all others have {share}.").format(
                count=len(shown.bars), share=percent(shown.rest)
            )
        )
        if not shown.is_exact:
            said.append(_tr("So what is reshaped is exact among these only."))
    if shown.lacks_scores:
        said.append(
            _tr(
                "The server does not say scores, so the repeat penalty works on log-probabilities: too weakly."
            )
        )
    return "\n".join(said)


def circle_words(taken: Sequence[ScoredToken]) -> str:
    """Return how the probability of a phrase rose that was said again and again, "" where none was."""
    turns = circle_of(taken)
    if not turns:
        return ""
    phrase = "".join(token_words(one.token) for one in turns[0].tokens)
    shares = [percent(turn.probability) for turn in turns]
    if len(shares) > _MOST_TURNS:
        shares = [*shares[:3], "…", *shares[-3:]]
    return _tr(
        "A circle: “{phrase}” was said {count} times in a row. Each of its tokens had {shares}."
    ).format(phrase=phrase, count=len(turns), shares=" → ".join(shares))


def _few(number: float) -> str:
    return f"{number:.1f}" if number < 100 else f"{number:,.0f}"


def _tr(words: str) -> str:
    return QCoreApplication.translate("Distribution", words)
