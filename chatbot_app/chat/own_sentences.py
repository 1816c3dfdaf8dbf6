"""A pasted text that is to be summarised in its own sentences: recognised, and answered without a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatbot_app.chat.quoting import plain_line

if TYPE_CHECKING:
    from chatbot_app.knowledge.extractive_summary import ExtractiveSummary

OWN_SENTENCES = "own_sentences"  # in an answer's metadata: how many sentences of how many it quotes

_REQUEST = re.compile(
    r"\s*(?:please |bitte |s'il te plaît |por favor )?(?:"
    r"summari[sz]e (?:this|the following|my) ?\w* (?:in|by|with|using) (?:its|the text's) own (?:sentences|words)(?: please)?"
    r"|fass\w* (?:diesen|den folgenden) \w+ (?:in|mit) (?:seinen )?eigenen (?:sätzen|worten) zusammen"
    r"|résume[rz]? (?:ce|le) \w+(?: suivant)? (?:avec|par|en) ses propres (?:phrases|mots)"
    r"|resum\w+ (?:este|el) \w+(?: siguiente)? (?:con|en) sus propias (?:frases|palabras)"
    r"|(?:кратко )?(?:перескажи|изложи|резюмируй)\w* (?:этот|следующий) текст его (?:собственными )?(?:предложениями|словами)"
    r"|(?:请)?(?:用原文(?:的)?句子|用原句)(?:总结|概括)(?:这段|以下|下面的)?(?:文字|文本|文章)?"
    r")\s*[:：.]",
    re.IGNORECASE,
)


def text_to_summarise(message: str) -> str | None:
    """Return the text of a message that asks for a summary in its own sentences; None for any other message."""
    asked = _REQUEST.match(message)
    return message[asked.end() :].strip() if asked is not None else None


def summary_answer(text: str, summary: ExtractiveSummary) -> str:
    """Return a summary as Markdown: each sentence of the text as a quote, in its order."""
    if not summary.spans:
        return (
            "There is no text to summarise yet. Paste it below the first line of the message and send both:"
            " its most telling sentences are quoted, word for word, without a model."
        )
    count, total = len(summary.spans), summary.sentences
    if total == 1:
        said = "Your text is a single sentence:"
    elif count == 1:
        said = f"Of the {total:,} sentences of your text this one says most:"
    else:
        said = f"Of the {total:,} sentences of your text these {count} say most, word for word and in their order:"
    quoted = [
        f"> {plain_line(text[start:end])}{' …' if end in summary.cut else ''}" for start, end in summary.spans
    ]
    parts = [said, *quoted]
    if not summary.is_whole:
        parts.append(f"What follows its first {total:,} sentences was not read.")
    return "\n\n".join(parts)
