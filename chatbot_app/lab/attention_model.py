"""A model whose attention is looked at: its tokenizer and its weights, whichever kind it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chatbot_app.core.local_models import LocalModel, ModelKind
from chatbot_app.lab.attention import AttentionRecord
from chatbot_app.lab.decoder import Decoded, Decoder
from chatbot_app.lab.encoder import Encoder
from chatbot_app.lab.encoder_weights import ARCHITECTURE, read_gguf_encoder, read_onnx_encoder
from chatbot_app.lab.tokenizer_choice import EMBEDDING, find_choice
from chatbot_app.lab.tokenizers import Tokenizer
from chatbot_app.lab.weights import Weights, WeightsUnusable
from chatbot_app.llm.model_files import BUILT_IN_MODEL, EMBEDDING_MODEL, find_model_file

MOST_TOKENS = 128  # of a text: no screen shows more rows, and all layers and heads of them take 18 to 100 MB
_CHARACTERS_OF_A_TOKEN = 128  # the longest tokens are runs of spaces
_UNUSED = (ModelKind.PROJECTOR, ModelKind.ADAPTER, ModelKind.OTHER)


@dataclass(frozen=True, slots=True)
class AttentionSource:
    """A model that can be asked for; `path` is its (first) file, `is_embedding` the one that ships for passages."""

    name: str
    path: str
    is_embedding: bool = False


@dataclass(frozen=True, slots=True)
class AttentionLook:
    """The attention of one text. `tokens` are n parts of it, special ones spelled as the vocabulary does.

    `was_cut` tells that the text goes on behind them; `is_causal`, whether a token sees only what stands before it;
    `has_both_masks`, whether it may be asked for otherwise: of an encoder.
    """

    tokens: tuple[str, ...]
    record: AttentionRecord
    is_causal: bool
    has_both_masks: bool
    was_cut: bool


def attention_sources(models: Sequence[LocalModel]) -> list[AttentionSource]:
    """Return the models of this computer that may be looked into, the one that ships first; nothing is opened."""
    found = []
    for model in models:
        path = model.path if model.path is not None else find_model_file(BUILT_IN_MODEL.name)
        if path is not None and model.facts.kind not in _UNUSED:
            found.append(AttentionSource(model.name, str(path)))
    embedding = find_model_file(EMBEDDING_MODEL.name)
    if embedding is not None:
        found.append(AttentionSource(EMBEDDING_MODEL.model_id, str(embedding), is_embedding=True))
    return found


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
        if source.is_embedding:
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
        self, text: str, *, causal: bool | None = None, check: Callable[[], None] = lambda: None
    ) -> AttentionLook:
        """Return the attention of a text's first tokens, at most MOST_TOKENS.

        `causal` changes the mask of an encoder; a decoder has learned with its own alone and keeps it. Raises
        WeightsUnusable for a text without any token. `check` is called between layers and may raise.
        """
        begun = text[: MOST_TOKENS * _CHARACTERS_OF_A_TOKEN]
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
