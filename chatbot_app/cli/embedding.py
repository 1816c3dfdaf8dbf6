"""The command on the embedding model: the one that ships, one of this computer, or a server's; tried, then moved to."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.named_servers import named_server
from chatbot_app.cli.printing import one_line, print_json
from chatbot_app.core.embedding_prefixes import PERSONS_OWN, PrefixRule, escaped, known_rule, unescaped
from chatbot_app.core.errors import UsageError
from chatbot_app.core.servers import ServerKind
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedding_choice import EmbeddingChoice, EmbeddingTrial


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print the embedding model, or choose another: tried first, its vectors made beside the old ones, then swapped.

    Search uses the old vectors meanwhile; what is interrupted is carried on by the same command. Raises AppError.
    """
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        if options.remove is not None:
            services.library_move.remove(options.remove)
        elif options.cancel:
            services.library_move.give_up()
        if options.kept or options.remove is not None or options.cancel:
            _print_kept(services, as_json=options.json)
            return 0
        if options.server is None:
            _print_choice(services, as_json=options.json)
            return 0
        trial = _tried(options, services)
        if trial is not None:
            _print_trial(services, trial, as_json=options.json and options.only_try)
        if not options.only_try:
            _move(services, trial.choice if trial is not None else None)
            _print_choice(services, as_json=options.json)
    return 0


def _print_choice(services: Services, *, as_json: bool) -> None:
    embedder = services.library.embedder
    choice, pending = services.embedding_models.used(), services.library_move.pending()
    name = services.library_move.searched_name()
    if as_json:
        moving_to = services.embedding_models.name_of(pending.choice) if pending is not None else None
        stamp = embedder.model.stamp if embedder is not None else None
        print_json({"model": name, "stamp": stamp, "moving_to": moving_to, **_choice_as_json(choice)})
        return
    print(one_line(name) if embedder is not None else "none: passages are found by words only")
    if choice is not None and choice.prefixes:
        print(_prefixes(choice))
    newest = services.library.newest_vectors()
    if newest is not None and not newest.is_searched:
        left = services.library.passages.count_without_vector(newest.embedder.model.stamp)
        print(
            f"Documents are searched with its older vectors; of {left} passages the newer ones are not made yet."
        )
        print("The window makes them while nothing else waits, “embedding built-in” at once.")
    if pending is not None:
        name = one_line(services.embedding_models.name_of(pending.choice))
        print(f"A move to {name} was begun: choose it again to carry on, or --cancel.")


def _tried(options: argparse.Namespace, services: Services) -> EmbeddingTrial | None:
    """Return how the model did, None for the one that ships."""
    server = None if options.server == "built-in" else named_server(services.servers.list(), options.server)
    is_local = server is None or server.kind is ServerKind.BUILT_IN
    if options.model is None:
        plain = (options.query_prefix, options.passage_prefix, options.pooling) == (None, None, "")
        if is_local and plain and not options.only_try:
            return None
        raise UsageError(detail="Name the embedding model as well: “embedding SERVER MODEL”.")
    models = services.embedding_models
    if is_local or server is None:
        from chatbot_app.chat.embedding_models import rule_of

        model = models.find_local(options.model)
        return models.try_local(
            model, _rule(options, rule_of(model)), options.pooling, options.sentences or ()
        )
    if options.pooling:
        raise UsageError(detail="How a server makes one vector of a text cannot be set from here.")
    return models.try_server(
        server, options.model, _rule(options, known_rule(options.model)), options.sentences or ()
    )


def _rule(options: argparse.Namespace, known: PrefixRule) -> PrefixRule:
    from chatbot_app.chat.embedding_models import wanted_rule

    given = (options.query_prefix, options.passage_prefix)
    return wanted_rule(known, *(None if text is None else unescaped(text) for text in given))


def _print_trial(services: Services, trial: EmbeddingTrial, *, as_json: bool) -> None:
    """Say on the error stream what was found; the output is the model alone, or this as JSON."""
    choice = trial.choice
    if as_json:
        print_json(
            {
                "model": services.embedding_models.name_of(choice),
                **_choice_as_json(choice),
                "prefixes_from": trial.rule.source,
                "near": round(trial.near, 4),
                "far": round(trial.far, 4),
                "seconds_per_text": round(trial.seconds, 6),
            }
        )
        return
    words = (
        f"{choice.dimension} numbers a vector, {1000 * trial.seconds:.1f} ms a text;"
        f" a sentence that says the same {trial.near:.2f}, another one {trial.far:.2f}"
    )
    print(words, file=sys.stderr)
    if choice.prefixes:
        print(f"{_prefixes(choice)} ({_source(trial.rule)})", file=sys.stderr)


def _choice_as_json(choice: EmbeddingChoice | None) -> dict[str, Any]:
    if choice is None:
        return {}
    return {
        "dimension": choice.dimension,
        "query_prefix": choice.prefixes.query,
        "passage_prefix": choice.prefixes.passage,
        "pooling": choice.pooling or None,
    }


def _prefixes(choice: EmbeddingChoice) -> str:
    query, passage = escaped(choice.prefixes.query), escaped(choice.prefixes.passage)
    return f"before a question '{query}', before a passage '{passage}'"


def _source(rule: PrefixRule) -> str:
    if rule.source == PERSONS_OWN:
        return "as you say"
    return f"from {rule.source}" if rule.source.endswith(".json") else f"model card of {rule.source}"


def _print_kept(services: Services, *, as_json: bool) -> None:
    kept = services.library_move.kept()

    if as_json:
        print_json(
            [
                {
                    "stamp": vectors.stamp,
                    "model": services.library_move.name_of(vectors) or None,
                    "passages": vectors.passages,
                    "bytes": vectors.bytes,
                    "is_used": vectors.is_used,
                }
                for vectors in kept
            ]
        )
        return
    for vectors in kept:
        mark = "*" if vectors.is_used else " "
        print(
            f"{mark} {one_line(vectors.stamp)}  {vectors.passages} passages, {vectors.bytes / 1e6:.1f} MB"
            f"  {one_line(services.library_move.name_of(vectors))}".rstrip()
        )
    if not kept:
        print("no vectors are stored")


def _move(services: Services, choice: EmbeddingChoice | None) -> None:
    shown = ""
    for told in services.library_move.move_to(choice):
        if told.title != shown:
            shown = told.title
            print(f"{one_line(shown)}: vectors ({told.done} of {told.total})", file=sys.stderr)
