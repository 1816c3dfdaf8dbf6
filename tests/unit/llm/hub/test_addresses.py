"""What people paste to name a model is understood, and nothing of it leads anywhere else."""

from __future__ import annotations

import pytest

from chatbot_app.core.hub_errors import HubAddressUnusable, NoModelAddress
from chatbot_app.core.hub_models import HubAddress
from chatbot_app.llm.hub.addresses import PUBLIC_ENDPOINT, endpoint_of, is_file_path, read_address

ADDRESSES = {
    "Qwen/Qwen3-4B-GGUF": HubAddress("Qwen/Qwen3-4B-GGUF"),
    "  “Qwen/Qwen3-4B-GGUF” ": HubAddress("Qwen/Qwen3-4B-GGUF"),
    "Qwen/Qwen3-4B-GGUF:Q4_K_M": HubAddress("Qwen/Qwen3-4B-GGUF", quantisation="Q4_K_M"),
    "Qwen/Qwen3-4B-GGUF@abc123": HubAddress("Qwen/Qwen3-4B-GGUF", revision="abc123"),
    "Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf": HubAddress("Qwen/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf"),
    "https://huggingface.co/o/n": HubAddress("o/n"),
    "https://huggingface.co/o/n/": HubAddress("o/n"),
    "http://www.huggingface.co/o/n?not-for-all-audiences=true#readme": HubAddress("o/n"),
    "https://huggingface.co/o/n/tree/main/Q4": HubAddress("o/n", revision="main"),
    "https://huggingface.co/o/n/blob/main/a.gguf": HubAddress("o/n", "a.gguf", "main"),
    "https://huggingface.co/o/n/resolve/main/Q4/a%20b.GGUF?download=true": HubAddress(
        "o/n", "Q4/a b.GGUF", "main"
    ),
    "https://huggingface.co/o/n/blob/refs%2Fpr%2F1/a.gguf": HubAddress("o/n", "a.gguf", "refs/pr/1"),
    "https://huggingface.co/o/n/blob/refs/pr/1/a.gguf": HubAddress("o/n", "a.gguf", "refs/pr/1"),
    "https://huggingface.co/o/n?show_file_info=a.gguf": HubAddress("o/n", "a.gguf"),
    "https://huggingface.co/o/n/discussions/3": HubAddress("o/n"),
    "https://huggingface.co/api/models/o/n": HubAddress("o/n"),
    "https://huggingface.co/models/o/n": HubAddress("o/n"),
    "<https://hf.co/o/n>": HubAddress("o/n"),
    "hf.co/o/n:Q8_0": HubAddress("o/n", quantisation="Q8_0"),
    "huggingface.co/o/n/blob/main/a.gguf": HubAddress("o/n", "a.gguf", "main"),
    "hf://o/n/a.gguf": HubAddress("o/n", "a.gguf"),
    "hf://models/o/n@main/a.gguf": HubAddress("o/n", "a.gguf", "main"),
    "huggingface://o/n/a.gguf": HubAddress("o/n", "a.gguf"),
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_of_a_model_is_understood(text: str) -> None:
    assert read_address(text) == ADDRESSES[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a good small model",
        "gpt2",
        "https://huggingface.co/",
        "https://huggingface.co/o",
        "https://example.com/o/n",
        "https://huggingface.co.example.com/o/n",
        "https://huggingface.co@example.com/o/n",
        "ftp://huggingface.co/o/n",
        "file:///etc/passwd",
        "https://huggingface.co/datasets/o/n",
        "https://huggingface.co/spaces/o/n",
        "https://huggingface.co/o/n/blob/main/model.safetensors",
        "https://huggingface.co/o/n/blob/main/..%2F..%2Fa.gguf",
        "https://huggingface.co/o/n/blob/main/%2Fetc%2Fa.gguf",
        "o/n:Q4 K",
        "o/n:../../x",
        "../n",
        "o/..",
        "o/n--m",
        "o/n.git",
        "ö/n",
        "o\\n/x",
        "http://[::1/o/n",
        "x/" * 3000,
    ],
)
def test_what_names_no_model_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(NoModelAddress) as caught:
        read_address(text)
    assert caught.value.next_step
    assert len(caught.value.summary) < 300


def test_addresses_at_the_endpoint_of_the_person_are_understood() -> None:
    mirror = "http://127.0.0.1:9000/hf"
    assert read_address("http://127.0.0.1:9000/hf/o/n/blob/main/a.gguf", mirror).file == "a.gguf"
    assert read_address("127.0.0.1:9000/hf/o/n", mirror).repository == "o/n"
    assert read_address("https://huggingface.co/o/n", mirror).repository == "o/n"
    with pytest.raises(NoModelAddress, match=r"127\.0\.0\.1:9000"):
        read_address("http://127.0.0.1:9001/hf/o/n", mirror)


def test_the_endpoint_is_the_public_one_or_that_of_the_person() -> None:
    assert endpoint_of({}) == endpoint_of({"HF_ENDPOINT": " "}) == PUBLIC_ENDPOINT
    assert endpoint_of({"HF_ENDPOINT": "https://mirror.example/hf/"}) == "https://mirror.example/hf"


@pytest.mark.parametrize(
    "address",
    [
        "mirror.example",
        "ftp://m.example",
        "https://",
        "https://u:pass@m.example",
        "http://[::1",
        "https://m.example?x",
    ],
)
def test_an_endpoint_that_is_none_is_said_without_its_password(address: str) -> None:
    with pytest.raises(HubAddressUnusable, match="HF_ENDPOINT") as caught:
        endpoint_of({"HF_ENDPOINT": address})
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize(
    "path", ["", "/a", "a//b", "a/../b", "..", "a\\b", "a\x00b", "a\nb", "x" * 1001, "\u202ea.gguf"]
)
def test_paths_that_lead_out_are_no_files(path: str) -> None:
    assert not is_file_path(path)
