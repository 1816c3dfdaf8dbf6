"""Places in prompts are found and filled once; everything else stays as it is written."""

from __future__ import annotations

import pytest

from chatbot_app.core.prompt_exchange import ReadPrompts, prompts_json, read_prompts
from chatbot_app.core.prompt_template import CLIPBOARD, DATE, Variable, fill, variables
from chatbot_app.core.saved_prompts import STEP_BY_STEP, SavedPrompt, offered, template_of

BUILT_IN = {CLIPBOARD: lambda: "copied {{name}}", DATE: lambda: "2 May"}


def test_variables_are_found_once_with_defaults_and_choices() -> None:
    text = "{{ name }} {{name=Ada}}, {{tone: formal | friendly|formal}}; {{date}} {{Clipboard}} {{größe}} {{tone:}}"
    assert variables(text) == (
        Variable("name", "Ada"),
        Variable("tone", choices=("formal", "friendly")),
        Variable("größe"),
    )


def test_places_are_filled_and_what_comes_in_is_not_looked_through() -> None:
    text = "{{name=Ada}} {{tone:formal|friendly}} {{clipboard}} {{DATE}} {{name}}"
    assert fill(text, {}, BUILT_IN) == "Ada formal copied {{name}} 2 May Ada"
    filled = fill(text, {"name": "{{tone}}", "tone": ""}, BUILT_IN)
    assert filled == "{{tone}}  copied {{name}} 2 May {{tone}}"
    assert fill("{{clipboard}}", {}, {}) == "{{clipboard}}"


@pytest.mark.parametrize(
    "text",
    [
        "{{}}",
        "{{ }}",
        "{{1}}",
        "{name}",
        "{{name",
        "name}}",
        "{{a\nb}}",
        "{{a.b}}",
        "{{" * 9,
        "{{" + "x" * 61 + "}}",
        "",
    ],
)
def test_what_is_no_place_stays(text: str) -> None:
    assert variables(text) == ()
    assert fill(text, {}, BUILT_IN) == text


def test_a_backslash_keeps_a_place_and_braces_around_it_stay() -> None:
    assert fill(r"\{{name}} {{{name}}} \x", {"name": "Ada"}, {}) == r"{{name}} {Ada} \x"
    assert fill("{{a=one\ntwo}}", {}, {}) == "one\ntwo"
    assert fill("{{date=today}}", {}, BUILT_IN) == "today"


def test_a_long_text_of_braces_ends() -> None:
    for piece in ("{{a=", "{{a b ", "{{{", "{{a" + " " * 90, "\\{{", "{{a=b}"):
        text = piece * (200_000 // len(piece))
        assert fill(text, {}, {}) == text


def test_examples_and_steps_become_part_of_the_text() -> None:
    prompt = SavedPrompt("Opposite", "Input: {{word}}\nOutput:", (("hot", "cold"), ("up", "{{down}}")), True)
    pairs = "Input: hot\nOutput: cold\n\nInput: up\nOutput: {{down}}"
    assert template_of(prompt) == f"{pairs}\n\nInput: {{{{word}}}}\nOutput:\n\n{STEP_BY_STEP}"
    placed = SavedPrompt("x", r"As in\n{{examples}}: {{word}} \{{kept}}", prompt.examples)
    assert template_of(placed) == rf"As in\n{pairs}: {{{{word}}}} \{{{{kept}}}}"
    assert template_of(SavedPrompt("x", "a{{examples}}b")) == "ab"
    assert template_of(SavedPrompt("x", "a")) == "a"


def test_offers_begin_with_those_that_begin_so() -> None:
    prompts = [SavedPrompt(name, "x") for name in ("Better style", "Style", "Translate")]
    assert [prompt.name for prompt in offered(prompts, "sTyle")] == ["Style", "Better style"]
    assert len(offered(prompts, "")) == 3


def test_json_is_read_back_and_other_json_is_told_apart() -> None:
    prompts = (SavedPrompt("A", "{{x}} é", (("i", "o"),), True), SavedPrompt("B", "b"))
    assert read_prompts(prompts_json(prompts).encode()) == ReadPrompts(prompts)
    listed = b'[{"name": "A", "text": "a", "examples": [1, {"input": 2}]}, {"name": "", "text": "b"}, 3]'
    assert read_prompts(listed) == ReadPrompts((SavedPrompt("A", "a"),), 2)
    others = b'[{"command": "/sum", "title": "Sum up", "content": "c"}, {"act": "Poet", "prompt": "p"}, {"name": "/", "text": "t"}]'
    assert read_prompts(others) == ReadPrompts((SavedPrompt("/sum", "c"), SavedPrompt("Poet", "p")), 1)
    assert read_prompts(b'{"prompts": []}') == ReadPrompts(())
    for bad in (b"", b"{}", b"[1]", b"\xff", b"[" * 100_000, b'{"prompts": 3}'):
        with pytest.raises(ValueError, match=r"\w"):
            read_prompts(bad)
