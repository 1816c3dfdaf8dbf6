"""Every error says what happened and, where something can be done, what."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import chatbot_app
from chatbot_app.core import errors
from chatbot_app.core.errors import Action, AppError, KeyRejected, PromptDoesNotFit

# A room may have errors of its own: those of every module without a window are held to the same.
for module in pkgutil.walk_packages(chatbot_app.__path__, "chatbot_app."):
    if module.name.split(".")[1] in ("core", "storage", "llm", "knowledge", "memory", "chat"):
        importlib.import_module(module.name)


def all_errors(root: type[AppError] = AppError) -> list[type[AppError]]:
    return [root, *(found for child in root.__subclasses__() for found in all_errors(child))]


@pytest.mark.parametrize("kind", all_errors())
def test_an_error_raised_without_details_still_reads_as_a_sentence(kind: type[AppError]) -> None:
    error = kind()
    assert error.summary.strip()
    assert "{" not in str(error)
    assert error.action in list(Action)


def test_details_fill_the_sentence() -> None:
    assert KeyRejected(server="OpenAI").summary == "OpenAI rejected the key."
    assert "9000" in PromptDoesNotFit(tokens=9000, budget=100).summary


def test_a_notice_names_its_error() -> None:
    notice = KeyRejected(server="OpenAI").notice()
    assert (notice.kind, notice.action) == ("KeyRejected", "open-servers")


def test_text_with_braces_is_shown_as_it_is() -> None:
    assert errors.RequestRefused(server="S", detail="{x} {0}").summary == "S refused the request: {x} {0}"
