"""A model whose attention is looked at: its tokenizer and its weights, whichever kind it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from chatbot_app.core.local_models import LocalModel, ModelKind
from chatbot_app.lab.attention import Part
from chatbot_app.lab.attention_look import (
    CHARACTERS_OF_A_TOKEN,
    MOST_TOKENS,
    AttentionLook,
    AttentionSource,
    SourceKind,
)
from chatbot_app.lab.decoder import Decoded, Decoder
from chatbot_app.lab.encoder import Encoder
from chatbot_app.lab.encoder_weights import ARCHITECTURE, read_gguf_encoder, read_onnx_encoder
from chatbot_app.lab.small.watched_model import WatchedModel, watched_sources
from chatbot_app.lab.tokenizer_choice import EMBEDDING, find_choice
from chatbot_app.lab.tokenizers import Tokenizer
from chatbot_app.lab.weights import Weights, WeightsUnusable
from chatbot_app.llm.model_files import BUILT_IN_MODEL, EMBEDDING_MODEL, find_model_file

_UNUSED = (ModelKind.PROJECTOR, ModelKind.ADAPTER, ModelKind.OTHER)


def attention_sources(
    models: Sequence[LocalModel], small_models: Path | None = None
) -> list[AttentionSource]:
    """Return the models of this computer that may be looked into, the one that ships first; nothing is opened.

    `small_models` is the folder of those that learned on “Build one”, which come last.
    """
    found = []
    for model in models:
        path = model.path if model.path is not None else find_model_file(BUILT_IN_MODEL.name)
        if path is not None and model.facts.kind not in _UNUSED:
            found.append(AttentionSource(model.name, str(path)))
    embedding = find_model_file(EMBEDDING_MODEL.name)
    if embedding is not None:
        found.append(AttentionSource(EMBEDDING_MODEL.model_id, str(embedding), SourceKind.EMBEDDING))
    return found + (watched_sources(small_models) if small_models is not None else [])


def open_attention_model(
    source: AttentionSource, progress: Callable[[float], None] = lambda _: None
) -> AttentionModel | WatchedModel:
    """Open a model of whichever kind, as `AttentionModel` does."""
    return WatchedModel(source) if source.kind is SourceKind.SMALL else AttentionModel(source, progress)


class AttentionModel:
    """One model, unpacked. Close it when another one takes its place."""

    def __init__(self, source: AttentionSource, progress: Callable[[float], None] = lambda _: None) -> None:
        """Open a model; `progress` hears how much of it is unpacked, 0 to 1, and may raise.

        Raises WeightsUnusable, before anything is unpacked where there is no room or no time for it, and
        TokenizerUnusable.
        """
        self.source = source
        self._weights: Weights | None = None
        self._tokenizer: Tokenizer
        self._model: Encoder | Decoder
        if source.kind is SourceKind.EMBEDDING:
            self._tokenizer = find_choice(EMBEDDING).open()
            self._model = read_onnx_encoder(Path(source.path), source.name)
            return
        weights = self._weights = Weights(Path(source.path), source.name)
        try:
            if weights.architecture == ARCHITECTURE:
                weights.require_room(weights.names, MOST_TOKENS)
                self._model = read_gguf_encoder(weights)
            else:
                weights.require_room(Decoder.unpacked(weights), MOST_TOKENS)
                self._model = Decoder(weights, progress)
            self._tokenizer = _tokenizer_of(Path(source.path), source.name)
        except BaseException:
            weights.close()
            raise

    def close(self) -> None:
        """Give back what is mapped."""
        if self._weights is not None:
            self._weights.close()

    def look(
        self,
        text: str,
        *,
        causal: bool | None = None,
        part: Part | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> AttentionLook:
        """Return the attention of a text's first tokens, at most MOST_TOKENS.

        `causal` changes the mask of an encoder; a decoder has learned with its own alone and keeps it. There is no `part`
        to choose. Raises WeightsUnusable for a text without any token. `check` is called between layers and may raise.
        """
        begun = text[: MOST_TOKENS * CHARACTERS_OF_A_TOKEN]
        encoded = self._tokenizer.encode(begun)
        places = list(range(len(encoded)))
        if not places:
            raise WeightsUnusable(name=self.source.name, detail="its tokenizer makes no token of this text.")
        was_cut = len(places) > MOST_TOKENS or len(begun) < len(text)
        if len(places) > MOST_TOKENS:
            ends_specially = isinstance(self._model, Encoder)  # its text ends with [SEP]
            places = [*places[: MOST_TOKENS - 1], places[-1]] if ends_specially else places[:MOST_TOKENS]
        ids = [encoded.ids[place] for place in places]
        shown = self._tokenizer.shown(encoded, 0, places[-2] + 1 if len(places) > 1 else 0)
        last = self._tokenizer.shown(encoded, places[-1], places[-1] + 1)
        tokens = tuple(token.text for token in [*shown, *last])
        decoded, is_causal = self._run(ids, causal, check)
        record = decoded.attention
        if not all(np.isfinite(part).all() for part in (record.weights, record.queries, record.keys)):
            detail = "its weights are damaged: what they make of this text are no numbers."
            raise WeightsUnusable(name=self.source.name, detail=detail)
        has_both = isinstance(self._model, Encoder)
        return AttentionLook(tokens, record, is_causal, has_both, was_cut)

    def _run(self, ids: list[int], causal: bool | None, check: Callable[[], None]) -> tuple[Decoded, bool]:
        try:
            if isinstance(self._model, Encoder):
                return self._model.run(ids, causal=bool(causal), check=check), bool(causal)
            return self._model.run(ids, check), True
        except IndexError as exc:
            detail = "its vocabulary has tokens that its weights do not know."
            raise WeightsUnusable(name=self.source.name, detail=detail) from exc


def _tokenizer_of(path: Path, name: str) -> Tokenizer:
    from chatbot_app.lab.gguf_tokenizer import from_gguf

    return from_gguf(path, name)
