"""The command that prints what each token of a text looks at, in one head of one layer."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from chatbot_app.chat.services import create_services
from chatbot_app.cli.printing import print_json
from chatbot_app.cli.standard_input import text_of
from chatbot_app.core.errors import UsageError
from chatbot_app.lab.attention import Part
from chatbot_app.lab.attention_look import AttentionLook, AttentionSource, SourceKind
from chatbot_app.lab.attention_model import attention_sources
from chatbot_app.lab.attention_process import AttentionProcess
from chatbot_app.lab.tokenizer_choice import EMBEDDING
from chatbot_app.storage.database import Access

_SHOWN = 3  # tokens that are named behind each one


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print the tokens and their weights; each row sums to 1. Raises AppError."""
    text = text_of(options.text)
    if not text:
        raise UsageError(detail="The text is empty.")
    source = _source(options.model, data_dir)
    process = AttentionProcess()
    try:
        part = Part(options.part) if options.part else None
        (look,) = process.look(source, [text], causal=options.causal or None, part=part)
    finally:
        process.end()
    if part is not None and part is not look.part:
        there = ", ".join(look.parts) or "one kind alone"
        raise UsageError(detail=f"{source.name} has no {part} attention: it has {there}.")
    layers, heads = look.record.weights.shape[:2]
    for name, value, count in (("layer", options.layer, layers), ("head", options.head, heads)):
        if not 0 <= value < count:
            raise UsageError(detail=f"{source.name} has the {name}s 0 to {count - 1}, and no {name} {value}.")
    if look.was_cut:
        print(f"Only the first {look.limit} tokens are looked at.", file=sys.stderr)
    if look.unknown:
        print(f"It has no tokens for these characters: {look.unknown}", file=sys.stderr)
    if options.json:
        weights = look.record.weights[options.layer, options.head]
        read = {} if look.read is None else {"source_tokens": list(look.read)}
        print_json({"tokens": list(look.tokens), **read, "weights": weights.tolist()})
    else:
        _print_rows(look, options.layer, options.head)
    return 0


def _source(name: str | None, data_dir: Path | None) -> AttentionSource:
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        sources = attention_sources(services.models.list(), services.paths.small_models)
    if name is None:
        if not sources:
            raise UsageError(detail="No model is on this computer: run “chatbot-app models fetch”.")
        return sources[0]
    for source in sources:
        if name.casefold() == source.name.casefold() or (
            name == EMBEDDING and source.kind is SourceKind.EMBEDDING
        ):
            return source
    path = Path(name).expanduser()
    if path.is_file():
        return AttentionSource(path.name, str(path.absolute()))
    names = ", ".join(f"“{source.name}”" for source in sources)
    raise UsageError(detail=f"There is no model “{name}”. There are {names}, or the path of a GGUF file.")


def _print_rows(look: AttentionLook, layer: int, head: int) -> None:
    for place, token in enumerate(look.tokens):
        weights = look.record.weights[layer, head, place]
        best = [at for at in (-weights).argsort(kind="stable")[:_SHOWN] if weights[at] > 0]
        print(f"{token!r:>16}  " + ", ".join(f"{weights[at]:.0%} {look.asked[at]!r}" for at in best))
