"""A small model whose attention is looked at: that of a decoder, and where it has an encoder, all three kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from chatbot_app.lab.attention import AttentionRecord, Part
from chatbot_app.lab.attention_look import (
    CHARACTERS_OF_A_TOKEN,
    MOST_TOKENS,
    AttentionLook,
    AttentionSource,
    SourceKind,
)
from chatbot_app.lab.small import checkpoint, kept_models
from chatbot_app.lab.small.attention import HeadsSeen
from chatbot_app.lab.small.data_sets import AdditionData
from chatbot_app.lab.small.gru import GRU
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.model_shape import Kind, ModelShape, Score
from chatbot_app.lab.small.read_and_written import LINE_END, read_and_written
from chatbot_app.lab.small.training_plan import Source
from chatbot_app.lab.weights import WeightsUnusable

_SUMS = {1: ("7 + 8 =", "7 + 2 ="), 2: ("57 + 68 =", "57 + 63 ="), 3: ("123 + 789 =", "123 + 289 =")}


def watched_sources(root: Path) -> list[AttentionSource]:
    """Return the models below `root` that have learned something and attend; a recurrence does not."""
    found = []
    for name, model in kept_models.offered(root).items():
        if model.plan.shape.kind is Kind.GRU:
            continue
        try:
            stamp = (model.folder / checkpoint.STATE).stat().st_mtime_ns
        except OSError:
            continue
        found.append(AttentionSource(name, str(model.folder), SourceKind.SMALL, *_examples(model), stamp))
    return found


def _examples(model: KeptModel) -> tuple[str, str]:
    plan = model.plan
    return _SUMS[plan.digits] if plan.source is Source.ADDITIONS else ("", "")


class WatchedModel:
    """One model as it was saved last."""

    def __init__(self, source: AttentionSource) -> None:
        """Raises WeightsUnusable."""
        self.source = source
        try:
            model = kept_models.read(Path(source.path))
            self._training = checkpoint.load(model.folder, model.text())
        except (OSError, ValueError) as exc:
            detail = (exc.strerror if isinstance(exc, OSError) else None) or str(exc)
            raise WeightsUnusable(name=source.name, detail=detail) from exc

    def close(self) -> None:
        """There is nothing to give back."""

    def look(
        self,
        text: str,
        *,
        causal: bool | None = None,
        part: Part | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> AttentionLook:
        """Return the attention of a text's first tokens, as many as the model sees at once, at most MOST_TOKENS.

        What follows a sum that only asks is written by the model first. Its mask is the one that it learned with,
        whatever `causal` says. Raises WeightsUnusable for a text of which it knows no character. `check` may raise.
        """
        training, model = self._training, self._training.model
        if isinstance(model, GRU):
            raise WeightsUnusable(name=self.source.name, detail="a recurrence has no attention.")
        most = min(training.plan.shape.context, MOST_TOKENS)
        begun = text[: most * CHARACTERS_OF_A_TOKEN]
        ids = training.mapping.encode(begun)
        if not ids:
            raise WeightsUnusable(name=self.source.name, detail="it has no tokens for these characters.")
        unknown = training.mapping.unknown(begun)
        ids, own = self._whole_sum(ids, check)
        was_cut = len(ids) > most or len(begun) < len(text)
        source, written = read_and_written(training, ids[:most])
        own = max(0, own - max(0, len(ids) - most))
        read = None if source is None else np.array([source])
        check()
        seen = model.attention(training.weights, np.array([written]), read)
        chosen = part if part in seen else next(iter(seen))
        tokens = self._named(source if chosen is Part.ENCODER and source is not None else written)
        return AttentionLook(
            tokens,
            _record(training.plan.shape, seen[chosen]),
            is_causal=chosen is Part.DECODER and training.plan.shape.is_causal,
            has_both_masks=False,
            was_cut=was_cut,
            read=self._named(source) if chosen is Part.CROSS and source is not None else None,
            part=chosen if len(seen) > 1 else None,
            parts=tuple(seen) if len(seen) > 1 else (),
            written=0 if chosen is Part.ENCODER else own,
            unknown=unknown,
            limit=most,
        )

    def _whole_sum(self, ids: list[int], check: Callable[[], None]) -> tuple[list[int], int]:
        """Return a sum as it is learned, after a line break, and how many tokens at its end the model wrote itself."""
        training = self._training
        if not isinstance(training.data, AdditionData):
            return ids, 0
        line_end, equals = training.mapping.encode("\n"), training.mapping.encode("=")
        asked = ids[1:] if ids[:1] == line_end else ids
        if asked[-1:] != equals or asked.count(equals[0]) > 1:
            return line_end + asked, 0
        said = []
        for token in training.sample(training.mapping.decode(asked), training.plan.shape.context):
            check()
            said.append(token)
        return line_end + asked + said, len(said)

    def _named(self, ids: Sequence[int]) -> tuple[str, ...]:
        mapping = self._training.mapping
        is_sum = isinstance(self._training.data, AdditionData)
        names = (mapping.shown(number) for number in ids)
        return tuple(LINE_END if is_sum and name == "\n" else name for name in names)


def _record(shape: ModelShape, layers: list[HeadsSeen]) -> AttentionRecord:
    """Return what the layers of one kind of attention did, stacked."""
    additive = [layer.additive for layer in layers if layer.additive is not None]
    return AttentionRecord(
        np.stack([layer.weights for layer in layers]),
        np.stack([layer.queries for layer in layers]),
        np.stack([layer.keys for layer in layers]),
        1.0 if shape.score is Score.ADDITIVE else shape.head_width**-0.5,
        additive=np.stack(additive) if additive else None,
    )
