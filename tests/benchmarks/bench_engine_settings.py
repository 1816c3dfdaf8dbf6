"""What was tried to make the built-in model faster: quantisations that llama.cpp repacks, and settings of the engine.

    python -m tests.benchmarks.bench_engine_settings [--rounds 3] [--tokens 512]

All variants are loaded at once and measured in turns, one at a time; the best round of each counts. The weights are
those of the built-in file, packed anew: Q4_0 and Q8_0 are rearranged for the processor when they are loaded, Q4_1 is not.
The last column is an answer that repeats its prompt, which is what n-gram speculation is for.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import urllib.request
from pathlib import Path

import gguf

from chatbot_app.core.local_models import EngineSettings
from chatbot_app.llm.local.launch import EngineLaunch
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.local.server_child import LocalEndpoint
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.benchmarks.bench_engine import of_server

TEXT = (
    "The harbour office opens at seven. Boats longer than twelve metres need a permit, which costs forty euros a day."
    " The north pier is closed from November to March. Fuel is sold on weekdays between nine and five."
)


def packed(source: Path, target: Path, kind: gguf.GGMLQuantizationType) -> Path:
    """Write the same model with its Q4_1 weights in another packing."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        inner = field.types[1] if len(field.types) > 1 else None
        writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=inner)
    for tensor in reader.tensors:
        if tensor.tensor_type is gguf.GGMLQuantizationType.Q4_1:
            weights = gguf.dequantize(tensor.data, tensor.tensor_type)
            writer.add_tensor(tensor.name, gguf.quantize(weights, kind), raw_dtype=kind)
        else:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def repeats(endpoint: LocalEndpoint) -> float:
    """Return the tokens a second of an answer that repeats its prompt."""
    body = {
        "prompt": f"{TEXT}\n\nThe same once more:\n\n{TEXT[:60]}",
        "n_predict": 48,
        "cache_prompt": False,
        "temperature": 0,
    }
    headers = {"Authorization": f"Bearer {endpoint.api_key}", "Content-Type": "application/json"}
    address = endpoint.base_url.removesuffix("/v1") + "/completion"
    with urllib.request.urlopen(
        urllib.request.Request(address, json.dumps(body).encode(), headers), timeout=600
    ) as answer:
        return float(json.load(answer)["timings"]["predicted_per_second"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=512)
    options = parser.parse_args()
    source = find_model_file(BUILT_IN_MODEL.name)
    assert source is not None
    with tempfile.TemporaryDirectory() as folder:
        files = {"Q4_1": source}
        for kind in (gguf.GGMLQuantizationType.Q4_0, gguf.GGMLQuantizationType.Q8_0):
            files[kind.name] = packed(source, Path(folder) / f"{kind.name}.gguf", kind)
        variants = {name: EngineLaunch(str(path)) for name, path in files.items()}
        for name, settings in (
            ("no flash attention", EngineSettings(flash_attention=False)),
            ("keys, values q8_0", EngineSettings(cache_type="q8_0")),
            ("n-gram speculation", EngineSettings(ngram_speculation=True)),
        ):
            variants[name] = EngineLaunch(str(source), settings=settings)
        servers = {name: LocalServer() for name in variants}
        best: dict[str, tuple[float, float, float]] = {}
        try:
            for name, server in servers.items():
                server.use(variants[name])
            for number in range(options.rounds):
                for name, server in servers.items():
                    endpoint = server.ensure_running()
                    found = (*of_server(endpoint, options.tokens, number)[:2], repeats(endpoint))
                    best[name] = tuple(map(max, zip(found, best.get(name, found), strict=True)))  # type: ignore[assignment]
        finally:
            for server in servers.values():
                server.stop()
    print(f"{'tokens a second':20}{'reads':>9}{'writes':>9}{'repeats':>9}   against what ships")
    for name, values in best.items():
        shares = "  ".join(f"{mine / theirs:.0%}" for mine, theirs in zip(values, best["Q4_1"], strict=True))
        print(f"{name:20}" + "".join(f"{value:9.1f}" for value in values) + f"   {shares}")


if __name__ == "__main__":
    main()
