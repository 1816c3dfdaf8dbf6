"""No child finds a key in its environment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import chatbot_app
from chatbot_app.core.child_environment import child_environment

SECRETS = {
    "OPENAI_API_KEY": "sk-secret",
    "OPENAI_BASE_URL": "http://secret.example",
    "ANTHROPIC_API_KEY": "secret",
    "NVIDIA_API_KEY": "secret",
    "CUDA_PROXY": "secret",
    "HF_TOKEN": "secret",
    "HUGGING_FACE_HUB_TOKEN": "secret",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "GITHUB_PAT": "secret",
    "MY_MODEL_KEY_FOR_KEY_ENV": "secret",
    "CHATBOT_KEY": "secret",
    "PGPASSWORD": "secret",
    "https_proxy": "http://name:secret@proxy",
    "ALL_PROXY": "socks5://secret",
    "SSH_AUTH_SOCK": "/tmp/secret",
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/tmp/secret",
    "DATABASE_URL": "postgres://name:secret@host",
    "PIP_INDEX_URL": "https://name:secret@index",
    "LLAMA_API_KEY": "secret",
}
HARMLESS = {
    "PATH": "/bin",
    "LANG": "de_DE.UTF-8",
    "LC_CTYPE": "C",
    "TESSDATA_PREFIX": "/t",
    "CUDA_VISIBLE_DEVICES": "1",
}


def test_only_what_a_child_needs_is_kept() -> None:
    kept = child_environment({**SECRETS, **HARMLESS, "PYTHONPATH": "/mine"})
    package = str(Path(chatbot_app.__file__).resolve().parents[1])
    assert kept == {**HARMLESS, "PYTHONPATH": f"{package}:/mine"}


def test_a_bundle_gives_its_children_the_libraries_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    kept = child_environment({"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/mine", "PATH": "/bin"})
    assert kept == {"LD_LIBRARY_PATH": "/mine", "PATH": "/bin"}
    assert child_environment({"LD_LIBRARY_PATH": "/bundle"}) == {}
