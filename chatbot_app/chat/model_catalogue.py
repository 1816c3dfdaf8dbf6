"""Which models there are to download, and which of them this computer can run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatbot_app.core.hub_models import (
    FoundRepository,
    HubAddress,
    Offer,
    Recommendation,
    RecommendedModel,
    Repository,
    RepositoryFile,
)
from chatbot_app.core.local_models import Fit, LocalModel, ModelFacts, ModelKind, Origin
from chatbot_app.llm.hub.addresses import read_address
from chatbot_app.llm.hub.files import choice_rank, quantisation_of
from chatbot_app.llm.hub.hub import Hub, chosen_file
from chatbot_app.llm.hub.onnx_files import precision_of
from chatbot_app.llm.hub.recommended import recommended_models

if TYPE_CHECKING:
    from chatbot_app.storage.models import LocalModelStore

_RUNS = (
    ModelKind.CHAT,
    ModelKind.EMBEDDING,
    ModelKind.RERANKING,
)  # projectors and adapters only beside a model

_EXPERTS = re.compile(
    r"(?i)(\d{1,4}(?:\.\d)?)B-A(\d{1,3}(?:\.\d)?)B"
)  # Qwen3-30B-A3B: 3 of 30 billion for a token


@dataclass(frozen=True, slots=True)
class Offers:
    """What a repository offers. `wanted` is the file that the address named, None where it named none."""

    repository: Repository
    offers: tuple[Offer, ...]  # the smallest first
    wanted: Offer | None = None

    @property
    def best(self) -> Offer | None:
        """The one to take on this computer, None where none of them runs here."""
        return next((offer for offer in self.offers if offer.is_best), None)

    def origin_of(self, offer: Offer) -> Origin:
        """Return what is to be asked for to download it: the very commit that was looked at."""
        return Origin(self.repository.id, offer.file.path, self.repository.commit, offer.file.parts[0].sha256)


class ModelCatalogue:
    """The hub, seen from this computer. Only `recommended` contacts nobody; the others raise HubError, ProxyUnusable."""

    def __init__(self, hub: Hub, store: LocalModelStore, fit: Callable[[ModelFacts], Fit]) -> None:
        """`fit` says how a model would run here; it may take the time of a look at the machine."""
        self._hub = hub
        self._store = store
        self._fit = fit

    def recommended(self) -> list[Recommendation]:
        """Return the short list that ships, with what is here of it already."""
        here = {
            (model.origin.repository.casefold(), model.origin.file): model
            for model in self._store.list()
            if model.origin is not None
        }
        return [self._recommendation(model, here) for model in recommended_models()]

    def _recommendation(
        self, model: RecommendedModel, here: dict[tuple[str, str], LocalModel]
    ) -> Recommendation:
        fit = None
        if model.bytes is not None:
            facts = ModelFacts(
                architecture=model.architecture,
                parameters=model.parameters,
                quantisation=quantisation_of(model.file) or precision_of(model.file),
                kind=model.kind,
                bytes=model.bytes,
                active_bytes=model.bytes,
                cache_bytes=model.cache_bytes,
            )
            fit = self._fit(facts)
        return Recommendation(model, fit, here.get((model.repository.casefold(), model.file)))

    def search(self, text: str) -> list[FoundRepository]:
        """Return repositories whose name holds some words, as `Hub.search` does."""
        return self._hub.search(text)

    def look(self, pasted: str) -> Offers:
        """Return what a repository offers, by “owner/name”, or an address of it or of one of its files.

        Also raises NoModelAddress, HubFileNotFound.
        """
        return self.look_at(read_address(pasted, self._hub.endpoint))

    def look_at(self, address: HubAddress) -> Offers:
        """Return what the repository of an address offers."""
        repository = self._hub.repository(address.repository, address.revision)
        offers = tuple(Offer(file, self._fit(facts_of(repository, file))) for file in repository.files)
        best = best_of(offers)
        offers = tuple(replace(offer, is_best=offer is best) for offer in offers)
        named = address.file or address.quantisation
        wanted = None
        if named:
            file = chosen_file(repository, named)
            wanted = next(offer for offer in offers if offer.file == file)
        return Offers(repository, offers, wanted)


def best_of(offers: tuple[Offer, ...]) -> Offer | None:
    """Return the file to take: the usual choice (see `choice_rank`) of those that run well here, else slowly.

    Of two with the same quantisation the smaller one; a model comes before what only goes with one.
    """
    # Of what the hub does not say the size nobody knows whether it fits.
    candidates = [
        offer for offer in offers if offer.file.is_whole and offer.file.size and offer.file.kind in _RUNS
    ]
    for verdict in ("well", "slowly"):
        running = [offer for offer in candidates if offer.fit.verdict == verdict]
        if running:
            return min(running, key=lambda offer: (choice_rank(offer.file), offer.file.size))
    return None


def facts_of(repository: Repository, file: RepositoryFile) -> ModelFacts:
    """Return what is known of a file before it is here."""
    return ModelFacts(
        architecture=repository.architecture,
        parameters=repository.parameters,
        quantisation=file.quantisation,
        context_length=repository.context_length,
        licence=repository.licence,
        kind=file.kind,
        bytes=file.size,
        active_bytes=_active(repository.id, file),
        parts=len(file.parts),
    )


def _active(repository: str, file: RepositoryFile) -> int:
    """Return how many bytes are read for a token: of a mixture of experts only as many as its name says."""
    match = _EXPERTS.search(file.path) or _EXPERTS.search(repository)
    share = min(1.0, float(match[2]) / float(match[1])) if match is not None and float(match[1]) else 1.0
    return int(file.size * share)
