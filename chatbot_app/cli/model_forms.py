"""What commands print of models: for people, and as JSON."""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.model_catalogue import Offers
from chatbot_app.cli.printing import one_line
from chatbot_app.core.hub_models import DownloadState, FoundRepository, Offer, Recommendation, Repository
from chatbot_app.core.local_models import Fit, LocalModel, ModelFacts

RUNS = {"well": "runs well", "slowly": "runs slowly", "no": "does not fit"}


def size_of(count: int) -> str:
    """Return a number of bytes for people."""
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def fit_here(model: LocalModel) -> Fit:
    """Return how a model of the list runs on this computer."""
    from chatbot_app.llm.local.fit import fit
    from chatbot_app.llm.local.machine import read_machine

    return fit(model.facts, read_machine(), model.settings, tokens_per_second=model.tokens_per_second)


def model_line(model: LocalModel, *, is_default: bool) -> str:
    """Return a model of the list in one line; * marks the default one."""
    facts = model.facts
    parts = [
        f"{'*' if is_default else ' '} {one_line(model.name)}",
        size_of(facts.bytes),
        one_line(facts.quantisation),
        str(model.path or "ships with the program"),
    ]
    return "\t".join(part for part in parts if part)


def print_model(model: LocalModel, *, is_default: bool, fit: Fit) -> None:
    """Print what is known of a model of the list."""
    facts = model.facts
    print(one_line(model.name) + ("  (default)" if is_default else ""))
    for label, value in _known(facts):
        print(f"  {label:<15}{one_line(value)}")
    print(f"  {'here':<15}{RUNS[fit.verdict]}. {fit.reason}")
    if model.tokens_per_second is not None:
        print(f"  {'measured':<15}{model.tokens_per_second:.1f} tokens a second")
    if model.origin is not None:
        origin = model.origin
        print(f"  {'from':<15}{origin.repository}/{one_line(origin.file)} at {origin.revision[:12]}")
    print(f"  {'file':<15}{model.path or 'ships with the program'}")


def print_offers(offers: Offers) -> None:
    """Print what a repository offers; * marks what to take on this computer."""
    repository = offers.repository
    print(repository.id + ("  (its terms have to be accepted on the hub first)" if repository.gated else ""))
    facts = ModelFacts(
        architecture=repository.architecture,
        parameters=repository.parameters,
        context_length=repository.context_length,
        licence=repository.licence,
    )
    for label, value in _known(facts):
        print(f"  {label:<15}{one_line(value)}")
    shown = (offers.wanted,) if offers.wanted is not None else offers.offers
    for offer in shown:
        mark = "*" if offer.is_best else " "
        runs = RUNS[offer.fit.verdict] if offer.file.is_whole else "parts are missing"
        print(
            f"{mark} {offer.file.quantisation:10} {size_of(offer.file.size):>9}  {runs:13} {one_line(offer.file.path)}"
        )
        if offers.wanted is not None:
            print(f"  {offer.fit.reason}")
    if offers.best is None and offers.wanted is None:
        print("None of them runs on this computer: look for a smaller model.")


def model_as_json(model: LocalModel, *, is_default: bool, fit: Fit | None = None) -> dict[str, Any]:
    """Return a model of the list."""
    return {
        "id": model.id,
        "name": model.name,
        "default": is_default,
        "path": str(model.path) if model.path is not None else None,
        "facts": model.facts.to_json(),
        "settings": model.settings.to_json(),
        "origin": model.origin.to_json() if model.origin is not None else None,
        "tokens_per_second": model.tokens_per_second,
        **({"fit": fit_as_json(fit)} if fit is not None else {}),
    }


def fit_as_json(fit: Fit) -> dict[str, Any]:
    """Return how a model runs here."""
    return {"verdict": fit.verdict, "memory": fit.memory, "context": fit.context, "reason": fit.reason}


def offers_as_json(offers: Offers) -> dict[str, Any]:
    """Return what a repository offers."""
    repository = offers.repository
    return {
        "repository": repository.id,
        "commit": repository.commit,
        "gated": repository.gated,
        **_said_of(repository),
        "files": [_offer_as_json(offer) for offer in offers.offers],
        "wanted": offers.wanted.file.path if offers.wanted is not None else None,
        "best": offers.best.file.path if offers.best is not None else None,
    }


def _offer_as_json(offer: Offer) -> dict[str, Any]:
    file = offer.file
    return {
        "file": file.path,
        "bytes": file.size,
        "parts": len(file.parts),
        "whole": file.is_whole,
        "quantisation": file.quantisation or None,
        "kind": file.kind.value,
        "sha256": file.parts[0].sha256 or None,
        "best": offer.is_best,
        "fit": fit_as_json(offer.fit),
    }


def recommendation_as_json(entry: Recommendation) -> dict[str, Any]:
    """Return an entry of the short list."""
    model = entry.model
    return {
        "name": model.name,
        "repository": model.repository,
        "file": model.file,
        "revision": model.revision,
        "bytes": model.bytes,
        "sha256": model.sha256 or None,
        "licence": model.licence,
        "good_at": model.good_at,
        "languages": model.languages,
        "kind": model.kind.value,
        "memory": model.memory,
        "here": entry.here.name if entry.here is not None else None,
        "fit": fit_as_json(entry.fit) if entry.fit is not None else None,
    }


def found_as_json(repository: FoundRepository) -> dict[str, Any]:
    """Return a repository that a search found."""
    return {
        "repository": repository.id,
        "downloads": repository.downloads,
        "likes": repository.likes,
        "gated": repository.gated,
        "makes_vectors": repository.makes_vectors,
        "updated": repository.updated or None,
        **_said_of(repository),
    }


def _said_of(repository: FoundRepository | Repository) -> dict[str, Any]:
    """Return what a hub says of a model before it is here."""
    return {
        "licence": repository.licence or None,
        "parameters": repository.parameters or None,
        "architecture": repository.architecture or None,
        "context_length": repository.context_length,
    }


def download_as_json(state: DownloadState) -> dict[str, Any]:
    """Return a download that was begun."""
    return {
        "file": state.origin.file,
        "repository": state.origin.repository,
        "state": state.stage.value,
        "received": state.received,
        "bytes": state.total,
    }


def _known(facts: ModelFacts) -> list[tuple[str, str]]:
    said = [
        ("architecture", facts.architecture),
        ("parameters", f"{facts.parameters / 1e9:.2f} billion" if facts.parameters else ""),
        ("quantisation", facts.quantisation),
        ("size", size_of(facts.bytes) if facts.bytes else ""),
        ("context", f"{facts.context_length:,} tokens" if facts.context_length else ""),
        ("licence", facts.licence),
    ]
    return [(label, value) for label, value in said if value]
