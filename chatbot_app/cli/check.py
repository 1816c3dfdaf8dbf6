"""The command that tests statements against passages."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.json_forms import check_as_json
from chatbot_app.cli.printing import json_text, one_line
from chatbot_app.cli.records import read_records
from chatbot_app.cli.shown_answers import VERDICTS, verdict_in_words
from chatbot_app.core.errors import UsageError
from chatbot_app.core.model_verdicts import ModelVerdict
from chatbot_app.core.trust import Verdict
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        return check(options, services)


def check(options: argparse.Namespace, services: Services) -> int:
    """Print what the passages of each line say to its statement; with `with_model` also what a model says. Raises UsageError."""
    from chatbot_app.cli.model_of_options import ModelOf
    from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

    if not options.with_model and (options.server or options.model):
        raise UsageError(detail="--server and --model name the model of --with-model.")
    lines = list(_statements(options.statements))
    with ModelOf(options, services) if options.with_model else nullcontext() as model:
        for record_id, statement, passages in lines:
            embedder = services.library.sentence_embedder
            checks = check_statement(statement, [Source(passage) for passage in passages], embedder)
            verdicts = model.verdicts(statement, passages, checks) if model is not None else []
            if options.json:
                found = [check_as_json(check) for check in checks]
                for mapping, verdict in zip(found, verdicts, strict=bool(verdicts)):
                    mapping.update(_model_verdict_as_json(verdict))
                whole = {"model_verdict": _verdict_of_all(verdicts).value} if model is not None else {}
                print(json_text({"id": record_id, "checks": found, **whole}))
                continue
            print(f"== {one_line(statement)}")
            for place, found_check in enumerate(checks):
                print(f"   {verdict_in_words(found_check)}")
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


def _model_verdict_as_json(verdict: ModelVerdict) -> dict[str, Any]:
    """Return what is added to a check: the model's verdict, and the sentence that it rests on."""
    return {
        "model_verdict": verdict.verdict.value,
        "model_source": verdict.source,
        "model_sentence": verdict.sentence,
        "model_reason": verdict.reason,
    }


def _verdict_of_all(verdicts: Sequence[ModelVerdict]) -> Verdict:
    """Return the verdict on a statement of several sentences: the worst of theirs."""
    worst = (Verdict.CONTRADICTED, Verdict.UNSUPPORTED, Verdict.NOT_CHECKED, Verdict.SUPPORTED)
    return min((one.verdict for one in verdicts), key=worst.index, default=Verdict.NOT_CHECKED)


def _model_verdict(verdict: ModelVerdict) -> str:
    by = f" by [{verdict.source}]: “{one_line(verdict.sentence)}”" if verdict.source is not None else ""
    reason = f": {one_line(verdict.reason)}" if verdict.reason else ""
    return f"{VERDICTS[verdict.verdict]}{by}{reason}"
