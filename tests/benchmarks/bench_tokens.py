"""Ids of the laboratory's tokenizers beside tiktoken's, those of `tokenizers` and of the built-in server; and round trips.

A thousand texts in twenty scripts. Goal: no difference; every text comes back where the tokenizer promises it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from chatbot_app.core.paths import resources_dir
from chatbot_app.core.token_tables import ENCODINGS
from chatbot_app.lab.tokenizer_choice import find_choice
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.texts_in_scripts import SCRIPTS, texts_in_scripts

COUNT = 1_000
TABLES = resources_dir() / "tokenizers"
COMMAND = [sys.executable, "-m", "chatbot_app.llm.local.server_process"]


def compare(name: str, beside: str, reference: Callable[[str], Sequence[int]], texts: list[str]) -> None:
    """Print how many texts have other ids, and how many do not come back."""
    tokenizer = find_choice(name).open()
    started = time.process_time()
    ours = [list(tokenizer.encode(text).ids) for text in texts]
    seconds = time.process_time() - started
    different = sum(ids != list(reference(text)) for ids, text in zip(ours, texts, strict=True))
    plain = [tokenizer.steps(text, specials=False).decoded == text for text in texts]
    promise = "promised" if tokenizer.is_lossless else "not promised"
    print(
        f"{name:12} beside {beside:20} {different:4} of {len(texts)} differ; {sum(plain):4} come back ({promise}); "
        f"{seconds * 1000:6.0f} ms of a processor"
    )


def tiktokens(name: str, folder: Path) -> Callable[[str], list[int]]:
    """Return tiktoken's own encoding, out of a cache that holds our table; it checks the table's sum itself."""
    import tiktoken

    file = {"gpt2": "r50k_base"}.get(name, name)
    if (
        name == "gpt2"
    ):  # tiktoken makes its table of two files that do not ship; the ids are those of r50k_base
        return tiktokens(file, folder)
    content = (TABLES / f"{'r50k_base' if name == 'p50k_base' else name}.tiktoken").read_bytes()
    if name == "p50k_base":
        from chatbot_app.core.token_tables import SPACES_OF_P50K

        content += SPACES_OF_P50K
    address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
    (folder / hashlib.sha1(address.encode()).hexdigest()).write_bytes(content)
    encoding = tiktoken.get_encoding(name)
    return lambda text: encoding.encode(text, allowed_special="all")


def main() -> None:
    """Print a line for each tokenizer."""
    texts = texts_in_scripts(COUNT)
    print(f"{len(texts)} texts in {len(SCRIPTS)} scripts, {sum(map(len, texts)):,} characters")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIKTOKEN_CACHE_DIR"] = folder
        for name in ENCODINGS:
            compare(name, "tiktoken", tiktokens(name, Path(folder)), texts)
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir()
    import tokenizers

    reference = tokenizers.Tokenizer.from_file(str(TABLES / "all-minilm-l6-v2.tokenizer.json"))
    reference.no_truncation()
    reference.no_padding()
    compare("embedding", "tokenizers", lambda text: reference.encode(text).ids, texts)
    path = find_model_file(BUILT_IN_MODEL.name)
    if path is None:
        print("built-in     left out: the model is not on this computer")
        return
    server = LocalServer(path, command=COMMAND)
    try:
        endpoint = server.ensure_running()
        address = endpoint.base_url.removesuffix("/v1") + "/tokenize"
        headers = {"Authorization": f"Bearer {endpoint.api_key}", "Content-Type": "application/json"}

        def ask(text: str) -> list[int]:
            body = json.dumps({"content": text, "add_special": True, "parse_special": True}).encode()
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=60) as answer:
                return list(json.load(answer)["tokens"])

        compare("built-in", "the server's /tokenize", ask, texts)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
