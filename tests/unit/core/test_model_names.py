from __future__ import annotations

import pytest

from chatbot_app.core.model_names import shown_name


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        ("/home/me/models/Qwen3-8B-Q4_K_M.gguf", "Qwen3-8B-Q4_K_M.gguf"),
        ("./Qwen3.gguf", "Qwen3.gguf"),
        ("../models/Qwen3.gguf", "Qwen3.gguf"),
        ("~/m/Qwen3.gguf", "Qwen3.gguf"),
        (r"C:\Users\me\Qwen3.gguf", "Qwen3.gguf"),
        ("D:/models/a b.gguf", "a b.gguf"),
        (r"\\server\share\Qwen3.gguf", "Qwen3.gguf"),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),  # an owner is part of a name
        ("hf.co/owner/name:Q4_0", "hf.co/owner/name:Q4_0"),
        ("llama3.2:3b", "llama3.2:3b"),
        ("/only/a/folder/", "/only/a/folder/"),
        ("a\u202egnp\nname", "a⟨U+202E⟩gnp name"),
        ("", ""),
    ],
)
def test_a_path_is_shown_by_the_name_of_its_file(model: str, shown: str) -> None:
    assert shown_name(model) == shown
