"""What makes the vectors soonest: onnxruntime as we use it against its int8 operators, OpenVINO and llama.cpp.

`python -m tests.benchmarks.bench_embedding [--sentences] [--gguf FILE]`. Needs `onnx`, and `openvino` for its part; nothing else
asks for them, nor do the sentences of a question. `--gguf` is all-MiniLM-L6-v2 for llama.cpp. One run, two threads each; the processor's time tells more than the clock
where others work, too. What is compared with is the mean vector of each text as we make it: another way is worth having
where the cosine is at least .999.

A run on a busy machine of two cores with AVX-512, VNNI and AMX (64 paragraphs, processor time each, least cosine): as the
file is 60 ms; with fused attention and GELU 47 ms (1.0000; 96 paragraphs: 51.8 ms against 56.5 on two threads, 43.4 against
55.1 on one); MatMulNBits of 8 bits 57 to 66 ms (.9987 to .9995); DynamicQuantizeMatMul 39 ms (.9920: not the same vectors);
OpenVINO 2026.4 35 ms (.9997), in bfloat16 27 to 33 ms (1.0000), but a single question took it longer than us, whose length it
meets for the first time, and it is 180 MB installed; llama.cpp with Q8_0 228 ms (.9995), waiting threads counted.

Since then DynamicQuantizeMatMul has the few inputs that are much greater than the rest taken out (`onnx_mixed_products`), with
texts given alone: half the time of floats (articles 22.1 ms against 42.9, abstracts 28.4 / 51.9, code 32.3 / 62.0, German 30.5 /
59.0, Russian 43.4 / 80.0, Chinese 26.8 / 56.2, reports 21.9 / 47.3), cosine at least .9992; one question 5.6 ms against 8.0.
That is how we run it where the processor has VNNI.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from chatbot_app.knowledge.children.batches import BATCH_TOKENS
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder, model_path, pooled
from chatbot_app.knowledge.children.onnx_fusing import with_fused_layers
from chatbot_app.knowledge.children.onnx_graph import gathered_before_widened
from chatbot_app.knowledge.children.onnx_session import THREADS, load_onnxruntime
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

DATA = Path(os.environ.get("CHATBOT_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
TEXTS, QUESTIONS = 128, 20
SENTENCES, ROUNDS = 15, 30  # as many as quotes of one question are chosen from
Run = Callable[[dict[str, Any]], Any]


class Comparison:
    """The same texts for everyone, in the batches of an import."""

    def __init__(self) -> None:
        articles = sorted((DATA / "retrieval" / "wikipedia" / "articles").glob("*.txt"))
        lines = [line for path in articles[:12] for line in path.read_text("utf-8").split("\n")]
        self.texts = [line for line in lines if 200 < len(line) < 1200][:TEXTS]
        self._encodings = BuiltInEmbedder().encode_cut(self.texts)
        self._lengths = [len(encoding.ids) for encoding in self._encodings]
        self._order = sorted(range(len(self.texts)), key=self._lengths.__getitem__)
        self._expected: Any = None

    def batches(self) -> Iterator[list[int]]:
        batch: list[int] = []
        for row in self._order:
            if batch and (len(batch) + 1) * self._lengths[row] > BATCH_TOKENS:
                yield batch
                batch = []
            batch.append(row)
        yield batch

    def feed(self, rows: list[int]) -> dict[str, Any]:
        ids = np.zeros((len(rows), max(self._lengths[row] for row in rows)), np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : self._lengths[row]] = self._encodings[row].ids
            mask[place, : self._lengths[row]] = 1
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}

    def show(self, name: str, run: Run) -> None:
        vectors = np.empty((len(self.texts), 384), np.float32)
        work, started = time.process_time(), time.perf_counter()
        for rows in self.batches():
            feed = self.feed(rows)
            vectors[rows] = pooled(run(feed), feed["attention_mask"])
        self._tell(name, vectors, time.perf_counter() - started, time.process_time() - work)
        self._tell_single([lambda row=row: run(self.feed([row])) for row in self._order[:QUESTIONS]])

    def show_vectors(self, name: str, embed: Callable[[list[str]], Any]) -> None:
        work, started = time.process_time(), time.perf_counter()
        vectors = embed(self.texts)
        self._tell(name, vectors, time.perf_counter() - started, time.process_time() - work)
        self._tell_single([lambda row=row: embed([self.texts[row]]) for row in self._order[:QUESTIONS]])

    def _tell(self, name: str, vectors: Any, seconds: float, work: float) -> None:
        if self._expected is None:
            self._expected = vectors
        cosines = (vectors * self._expected).sum(axis=1)
        print(
            f"{name:32} {len(vectors) / seconds:6.1f} a second, processor {1000 * work / len(vectors):6.1f} ms each,"
            f" cosine at least {cosines.min():.4f}, mean {cosines.mean():.5f}",
            end="",
            flush=True,
        )

    def _tell_single(self, runs: list[Callable[[], Any]]) -> None:
        seconds = []
        for run in runs:
            started = time.perf_counter()
            run()
            seconds.append(1000 * (time.perf_counter() - started))
        print(f"; one short text {statistics.median(seconds):.1f} ms", flush=True)


def show_sentences(texts: list[str]) -> None:
    """Print what the sentences of one question cost: in batches, by the model for all texts, and as the program does it."""
    sentences = [text[start:end] for text in texts for start, end in sentence_spans(text, 0, len(text))]
    groups = [sentences[place::ROUNDS][:SENTENCES] for place in range(ROUNDS)]
    model = BuiltInEmbedder()
    ways: dict[str, Callable[[list[str]], Any]] = {
        "in batches": model.embed,
        "as we embed them": lambda group: np.array([one.vector for one in model.embed_tokens(group)]),
    }
    found: dict[str, list[Any]] = {name: [] for name in ways}
    work, seconds = dict.fromkeys(ways, 0.0), {name: list[float]() for name in ways}
    for embed in ways.values():
        embed(groups[0])  # loads what it needs
    for number, group in enumerate(groups):
        for name in list(ways)[:: 1 if number % 2 else -1]:
            started, begun = time.process_time(), time.perf_counter()
            found[name].append(ways[name](group))
            work[name] += time.process_time() - started
            seconds[name].append(time.perf_counter() - begun)
    before, now = (np.concatenate(vectors) for vectors in found.values())
    for name in ways:
        print(
            f"{SENTENCES} sentences {name:20} processor {1000 * work[name] / ROUNDS:6.1f} ms,"
            f" by the clock {1000 * statistics.median(seconds[name]):6.1f} ms"
        )
    print(f"  cosine at least {(before * now).sum(axis=1).min():.4f}")


def onnx_run(model: bytes) -> Run:
    onnxruntime = load_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda feed: session.run(["last_hidden_state"], feed)[0]


def with_int8(model: bytes, block: int) -> bytes:
    """Return a model whose products are of int8: `block` numbers share a scale, 0: a column does (dynamically)."""
    import onnx
    from onnx import helper, numpy_helper

    read = onnx.load_from_string(model)
    weights = {tensor.name: tensor for tensor in read.graph.initializer}
    makers = {name: node for node in read.graph.node for name in node.output}
    nodes = []
    for node in read.graph.node:
        multiply = makers.get(node.input[1]) if node.op_type == "MatMul" else None
        widen = makers.get(multiply.input[0]) if multiply is not None and multiply.op_type == "Mul" else None
        if multiply is None or widen is None or widen.op_type != "Cast" or widen.input[0] not in weights:
            nodes.append(node)
            continue
        codes = numpy_helper.to_array(weights[widen.input[0]]).astype(np.float32)
        matrix = codes * numpy_helper.to_array(weights[multiply.input[1]])
        names = [node.input[0], f"{node.output[0]}/codes", f"{node.output[0]}/scales"]
        if block:
            blocks = matrix.T.reshape(matrix.shape[1], -1, block)
            scales = np.maximum(np.abs(blocks).max(axis=2, keepdims=True) / 127, 1e-12)
            values = np.clip(np.rint(blocks / scales) + 128, 0, 255).astype(np.uint8), scales.reshape(-1)
            traits = {
                "K": matrix.shape[0],
                "N": matrix.shape[1],
                "bits": 8,
                "block_size": block,
                "accuracy_level": 4,
            }
        else:
            scales = np.maximum(np.abs(matrix).max(axis=0) / 127, 1e-12)
            values, traits = (np.rint(matrix / scales).astype(np.int8), scales), {}
        read.graph.initializer.extend(
            numpy_helper.from_array(value, name) for value, name in zip(values, names[1:], strict=True)
        )
        kind = "MatMulNBits" if block else "DynamicQuantizeMatMul"
        nodes.append(helper.make_node(kind, names, list(node.output), domain="com.microsoft", **traits))
    del read.graph.node[:]
    read.graph.node.extend(nodes)
    read.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    written: bytes = read.SerializeToString()
    return written


def openvino_run(precision: str) -> Run:
    import openvino

    core = openvino.Core()
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": THREADS, "NUM_STREAMS": 1}
    request = core.compile_model(core.read_model(str(model_path())), "CPU", settings).create_infer_request()
    return lambda feed: request.infer(feed)[0].copy()


def llama_embed(path: Path) -> Callable[[list[str]], Any]:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path, parameters.embedding, parameters.port = str(path), True, 0
    parameters.n_parallel, parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = 8, 4096, 2048, 2048
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = THREADS
    parameters.verbosity, parameters.ui, parameters.offline = 0, False, True
    server = xllamacpp.Server(parameters)

    def embed(texts: list[str]) -> Any:
        answer = server.handle_embeddings({"input": texts})
        answer = answer if isinstance(answer, dict) else json.loads(answer)
        vectors = np.array([item["embedding"] for item in answer["data"]], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return embed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--sentences", action="store_true", help="those of a question alone")
    arguments = parser.parse_args()
    comparison = Comparison()
    show_sentences(comparison.texts)
    if arguments.sentences:
        return
    model = gathered_before_widened(model_path().read_bytes())
    comparison.show("onnxruntime, as the file is", onnx_run(model))
    comparison.show("onnxruntime, fused, as we run it", onnx_run(with_fused_layers(model)))
    parts: dict[str, Callable[[], Run]] = {
        "MatMulNBits, 32 share a scale": lambda: onnx_run(with_int8(model, 32)),
        "MatMulNBits, 128 share a scale": lambda: onnx_run(with_int8(model, 128)),
        "DynamicQuantizeMatMul": lambda: onnx_run(with_int8(model, 0)),
        "OpenVINO, float32": lambda: openvino_run("f32"),
        "OpenVINO, bfloat16": lambda: openvino_run("bf16"),
    }
    for name, make in parts.items():
        try:
            run = make()
        except ImportError as exc:
            print(f"{name:32} left out: {exc}")
        else:
            comparison.show(name, run)
    if arguments.gguf is not None:
        comparison.show_vectors(f"llama.cpp, {arguments.gguf.name}", llama_embed(arguments.gguf))


if __name__ == "__main__":
    main()
