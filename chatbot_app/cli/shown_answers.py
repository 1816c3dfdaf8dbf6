"""Answers with their sources, quotes and checks, as a person reads them in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from chatbot_app.chat.quoting import MAY_NOT_ANSWER
from chatbot_app.cli.printing import one_line
from chatbot_app.core.citations import Citation
from chatbot_app.core.messages import Message
from chatbot_app.core.text import first_words
from chatbot_app.core.trust import (
    AnswerMode,
    Check,
    Quote,
    Verdict,
    checks_of,
    quotes_of,
    statements_found,
    trust_of,
)
from chatbot_app.knowledge.places.snippet_text import snippet_of, words_of_quote

LINE = 100  # characters of a passage on the terminal

VERDICTS = {
    Verdict.SUPPORTED: "supported",
    Verdict.UNSUPPORTED: "not supported",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.NOT_CHECKED: "not checked",
}


def print_sources(citations: Iterable[Citation]) -> None:
    """Print each cited source once, below an answer."""
    cited = {citation.number: citation for citation in citations}
    for number, citation in sorted(cited.items()):
        place = f", page {citation.page}" if citation.page is not None else ""
        fields = f" ({one_line(citation.fields.summary)})" if citation.fields else ""
        words = one_line(first_words(snippet_of(citation.text, citation.path, (citation.document,)), LINE))
        print(f"[{number}] {one_line(citation.document)}{place}{fields}: {words}")


def is_quoted(answer: Message) -> bool:
    """Whether an answer is made of quotes, or a refusal with the nearest of them, and not of a model's words."""
    trust = trust_of(answer.metadata)
    return trust is not None and (trust.refused or (trust.mode is AnswerMode.QUOTES and answer.model is None))


def print_quoted_answer(answer: Message) -> None:
    """Print an answer of quotes for reading: without the marks of Markdown."""
    trust = trust_of(answer.metadata)
    if trust is not None and trust.refused:
        print(one_line(answer.text.partition("\n\n>")[0]))
    print_quotes(quotes_of(answer.metadata), certain=trust is None or trust.certain)


def print_quotes(quotes: Sequence[Quote], *, refused: bool = False, certain: bool = True) -> None:
    """Print quotes with their places; `refused` says first that they do not answer, not `certain` that they may not."""
    if refused:
        nearest = " What comes nearest:" if quotes else ""
        print(f"The documents do not answer this.{nearest}")
    elif not certain:
        print(MAY_NOT_ANSWER)
    for number, quote in enumerate(quotes, 1):
        place = f", page {quote.page}" if quote.page is not None else ""
        print(f"[{number}] “{one_line(words_of_quote(quote))}”")
        print(f"    {one_line(quote.document)}{place}")


def print_checks(answer: Message) -> None:
    """Say on standard error how much of an answer was found in its sources, and which sentences were not."""
    checks = checks_of(answer.metadata)
    supported, checked = statements_found(checks)
    if not checked:
        return
    statements = "statement" if checked == 1 else "statements"
    print(f"{supported} of {checked} {statements} found in your sources.", file=sys.stderr)
    for check in checks:
        if check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED) or check.reason.startswith("["):
            sentence = one_line(answer.text[check.start : check.end])
            print(f"  “{sentence}”: {verdict_in_words(check)}", file=sys.stderr)


def verdict_in_words(check: Check) -> str:
    """Return what was found of a statement."""
    by = " by " + ", ".join(f"[{number}]" for number in check.sources) if check.sources else ""
    reason = f": {one_line(check.reason)}" if check.reason else ""
    return f"{VERDICTS[check.verdict]}{by}{reason}"
