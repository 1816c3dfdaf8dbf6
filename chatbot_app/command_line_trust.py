"""The commands about what can be believed: quote, check; and what `ask` prints of quotes and checks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.small_talk import Asking, asking_of
from chatbot_app.command_line_documents import (
    collection_ids,
    field_filter,
    fields_as_json,
    json_text,
    one_line,
    read_queries,
    read_records,
)
from chatbot_app.core.answer_modes import answer_mode
from chatbot_app.core.errors import UsageError
from chatbot_app.core.messages import Message
from chatbot_app.core.model_verdicts import ModelVerdict
from chatbot_app.core.trust import (
    AnswerMode,
    Check,
    Quote,
    Quotes,
    Verdict,
    checks_of,
    quotes_of,
    statements_found,
    trust_of,
)

if TYPE_CHECKING:
    from chatbot_app.core.generation import GenerationSettings
    from chatbot_app.library import Library
    from chatbot_app.services import Services


_VERDICTS = {
    Verdict.SUPPORTED: "supported",
    Verdict.UNSUPPORTED: "not supported",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.NOT_CHECKED: "not checked",
}


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run one of the commands and return the exit status. Raises AppError."""
    from chatbot_app.services import create_services
    from chatbot_app.storage.database import Access

    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        if options.command == "quote":
            return quote(options, services.library)
        return check(options, services)


def quote(options: argparse.Namespace, library: Library) -> int:
    """Print the sentences that answer one question, or every question of a file; no model is asked."""
    from chatbot_app.knowledge.trust.quotes import PASSAGES, find_quotes

    if (options.query is None) == (options.queries is None):
        raise UsageError(detail="Give either a question or --queries FILE.")
    collections = collection_ids(library, options.collection)
    asked = [(None, options.query)] if options.queries is None else read_queries(options.queries)
    results = library.retriever.search_many(
        [query for _, query in asked], PASSAGES, collections=collections, only=field_filter(options)
    )
    for (query_id, query), found in zip(asked, results, strict=True):
        quotes = find_quotes(found, library.embedder)
        if options.json:
            name: dict[str, Any] = {"query": query} if options.queries is None else {"id": query_id}
            print(json_text({**name, **quotes_as_json(quotes)}))
        else:
            if options.queries is not None:
                print(f"== {one_line(query)}")
            print_quotes(quotes.quotes, refused=quotes.refused)
    return 0


def check(options: argparse.Namespace, services: Services) -> int:
    """Print what the passages of each line say to its statement; with `with_model` also what a model says."""
    from chatbot_app.command_line_model_check import ModelOf
    from chatbot_app.knowledge.trust.claims import Source, check_statement

    if not options.with_model and (options.server or options.model):
        raise UsageError(detail="--server and --model name the model of --with-model.")
    lines = list(_statements(options.statements))
    with ModelOf(options, services) if options.with_model else nullcontext() as model:
        for record_id, statement, passages in lines:
            embedder = services.library.embedder
            checks = check_statement(statement, [Source(passage) for passage in passages], embedder)
            verdicts = model.verdicts(statement, passages, checks) if model is not None else []
            if options.json:
                found = [check_as_json(check) for check in checks]
                for mapping, verdict in zip(found, verdicts, strict=bool(verdicts)):
                    mapping.update(model_verdict_as_json(verdict))
                whole = {"model_verdict": verdict_of_all(verdicts).value} if model is not None else {}
                print(json_text({"id": record_id, "checks": found, **whole}))
                continue
            print(f"== {one_line(statement)}")
            for place, found_check in enumerate(checks):
                print(f"   {_verdict(found_check)}")
                if model is not None:
                    print(f"   by {one_line(model.name)}: {_model_verdict(verdicts[place])}")
    return 0


def _statements(path: Path) -> Iterator[tuple[Any, str, list[str]]]:
    form = '{"id": 1, "statement": "…", "passages": ["…"]}'
    for number, record in read_records(path, ("id", "statement", "passages"), form):
        statement, passages = record["statement"], record["passages"]
        if not isinstance(statement, str):
            raise UsageError(detail=f"The statement in line {number} of {path} is not a text.")
        if not isinstance(passages, list) or not all(isinstance(passage, str) for passage in passages):
            raise UsageError(detail=f"The passages in line {number} of {path} are not a list of texts.")
        yield record["id"], statement, passages


def model_verdict_as_json(verdict: ModelVerdict) -> dict[str, Any]:
    """Return what is added to a check: the model's verdict, and the sentence that it rests on."""
    return {
        "model_verdict": verdict.verdict.value,
        "model_source": verdict.source,
        "model_sentence": verdict.sentence,
        "model_reason": verdict.reason,
    }


def verdict_of_all(verdicts: Sequence[ModelVerdict]) -> Verdict:
    """Return the verdict on a statement of several sentences: the worst of theirs."""
    worst = (Verdict.CONTRADICTED, Verdict.UNSUPPORTED, Verdict.NOT_CHECKED, Verdict.SUPPORTED)
    return min((one.verdict for one in verdicts), key=worst.index, default=Verdict.NOT_CHECKED)


def quotes_as_json(quotes: Quotes) -> dict[str, Any]:
    """Return whether the documents are silent, and the quotes with the fields of a search result."""
    return {"refused": quotes.refused, "quotes": [quote_as_json(quote) for quote in quotes.quotes]}


def quote_as_json(quote: Quote) -> dict[str, Any]:
    """Return a quote with the fields of a search result; of a row of a table also what it says in words."""
    return {
        "document": quote.document,
        "path": quote.path,
        "page": quote.page,
        "start": quote.start,
        "end": quote.end,
        "score": round(quote.score, 6),
        "text": quote.text,
        **({"described": quote.described} if quote.described else {}),
        "fields": fields_as_json(quote.fields),
    }


def check_as_json(check: Check) -> dict[str, Any]:
    """Return a verdict; offsets are in characters of the answer or statement."""
    mapping = check.to_dict()
    del mapping["spans"]
    return mapping


def trust_as_json(answer: Message) -> dict[str, Any]:
    """Return what `ask` adds for an answer from documents."""
    trust = trust_of(answer.metadata)
    return {
        "quotes": [quote_as_json(quote) for quote in quotes_of(answer.metadata)],
        "refused": trust is not None and trust.refused,
        "checks": [check_as_json(check) for check in checks_of(answer.metadata)],
    }


def needs_no_model(services: Services, settings: GenerationSettings, question: str) -> bool:
    """Whether a question is answered with quotes alone."""
    if settings.collections is None or asking_of(question) is Asking.CHAT:
        return False
    small = services.gateway.is_small(settings)
    return answer_mode(settings, small_model=small) is AnswerMode.QUOTES


def is_quoted(answer: Message) -> bool:
    """Whether an answer is made of quotes, or a refusal with the nearest of them, and not of a model's words."""
    trust = trust_of(answer.metadata)
    return trust is not None and (trust.refused or (trust.mode is AnswerMode.QUOTES and answer.model is None))


def print_quoted_answer(answer: Message) -> None:
    """Print an answer of quotes for reading: without the marks of Markdown."""
    trust = trust_of(answer.metadata)
    if trust is not None and trust.refused:
        print(one_line(answer.text.partition("\n\n>")[0]))
    print_quotes(quotes_of(answer.metadata))


def print_quotes(quotes: Sequence[Quote], *, refused: bool = False) -> None:
    """Print quotes with their places; `refused` says first that they do not answer."""
    if refused:
        nearest = " What comes nearest:" if quotes else ""
        print(f"The documents do not answer this.{nearest}")
    for number, quote in enumerate(quotes, 1):
        place = f", page {quote.page}" if quote.page is not None else ""
        print(f"[{number}] “{one_line(quote.words)}”")
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
            print(f"  “{sentence}”: {_verdict(check)}", file=sys.stderr)


def _verdict(check: Check) -> str:
    by = " by " + ", ".join(f"[{number}]" for number in check.sources) if check.sources else ""
    reason = f": {one_line(check.reason)}" if check.reason else ""
    return f"{_VERDICTS[check.verdict]}{by}{reason}"


def _model_verdict(verdict: ModelVerdict) -> str:
    by = f" by [{verdict.source}]: “{one_line(verdict.sentence)}”" if verdict.source is not None else ""
    reason = f": {one_line(verdict.reason)}" if verdict.reason else ""
    return f"{_VERDICTS[verdict.verdict]}{by}{reason}"
