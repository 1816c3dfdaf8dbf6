"""The command that shows a text as tokens."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chatbot_app.cli.printing import json_text
from chatbot_app.lab.tokenizer_choice import TokenizerChoice, find_choice, tokenizer_choices
from chatbot_app.lab.tokenizers import as_read


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status; "-" reads the text from the standard input. Raises AppError."""
    text = sys.stdin.read() if options.text == "-" else options.text
    tokenizer = _chosen(options.tokenizer, data_dir).open()
    encoded = tokenizer.encode(text, specials=not options.ordinary)
    if options.json:
        steps = tokenizer.steps(text, specials=not options.ordinary)
        answer = {
            "ids": list(encoded.ids),
            "tokens": list(steps.processed_tokens),
            "steps": steps.to_json(),
        }
        print(json_text(answer))
        return 0
    for token in tokenizer.shown(encoded, 0, len(encoded)):
        facts = tokenizer.facts(token.id)
        rank = "" if facts.rank is None else f"  rank {facts.rank}"
        mark = "  special" if token.is_special else ""
        print(f"{token.id:>7}  {token.text!r}  {facts.bytes.hex(' ')}{rank}{mark}")
    characters = len(as_read(text))
    print(f"{len(encoded)} tokens, {characters / max(1, len(encoded)):.2f} characters a token")
    return 0


def _chosen(name: str, data_dir: Path | None) -> TokenizerChoice:
    """Return a tokenizer by its name; the store is opened where it may be that of a model of the person's."""
    if any(name == choice.name for choice in tokenizer_choices()):
        return find_choice(name)
    from contextlib import closing

    from chatbot_app.chat.services import create_services
    from chatbot_app.storage.database import Access

    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        return find_choice(name, services.models.list())
