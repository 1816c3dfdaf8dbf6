"""Source code in statements: whole lines, what opens them, the comment above; every language by its indentation."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.sentences.code_statements import (
    LONGEST,
    code_statements,
    fenced_spans,
    is_of_code,
)
from chatbot_app.knowledge.sentences.line_blocks import statement_spans
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of

SETTINGS = """class Config:
    RETRIES = 3
    # seconds until it gives up
    TIMEOUT = 12.5

    @staticmethod
    def init_app(app):
        pass
"""
KUBERNETES = """spec:
  replicas: 1
  template:
    livenessProbe:
      httpGet:
        path: /livez
        port: http
    readinessProbe:
      httpGet:
        path: /readyz
"""
C = """#define DEPTH (10000)

/* Query the cursor.
 * On error -1 is returned. */
int cursor(int *rows, int *cols) {
    char buf[32];
}
"""
CALL = """program.addOption(
  new Option('-s, --size <type>', 'size of drink')
    .choices(['small', 'large']),
);
program.parse();
"""
NESTED = "impl Unit {\n    /// The abbreviation.\n    pub fn short(self) -> String {\n" + "".join(
    f"        let value_{number} = compute({number});\n" for number in range(12)
)


def statements(text: str) -> list[str]:
    return [text[start:end] for start, end in code_statements(text, 0, len(text))]


def test_settings_are_a_line_each_with_the_comment_above() -> None:
    text = SETTINGS + "\n" + "    NAMES = 'x'\n" * 20  # too long for one statement
    assert statements(text)[:3] == [
        "class Config:\n    RETRIES = 3",
        "    # seconds until it gives up\n    TIMEOUT = 12.5",
        "    @staticmethod\n    def init_app(app):\n        pass",
    ]


def test_what_is_nested_goes_with_the_keys_above() -> None:
    text = KUBERNETES.replace("replicas: 1", "replicas: 1  # " + "x" * LONGEST)
    assert "    livenessProbe:\n      httpGet:\n        path: /livez\n        port: http" in "\n\n".join(
        statements(text)
    )


def test_a_comment_of_c_goes_with_its_function_and_a_definition_stands_alone() -> None:
    assert statements(C) == [
        "#define DEPTH (10000)",
        "/* Query the cursor.\n * On error -1 is returned. */\nint cursor(int *rows, int *cols) {\n    char buf[32];\n}",
    ]


def test_a_call_over_several_lines_is_one_statement() -> None:
    assert [one.split("(")[0] for one in statements(CALL)] == ["program.addOption", "program.parse"]


def test_a_long_block_is_told_in_parts_the_first_with_what_opens_it() -> None:
    found = statements(NESTED)
    assert found[0].startswith("impl Unit {")
    assert "pub fn short(self) -> String {\n        let value_0 = compute(0);" in found[0]
    assert found[-1].strip() == "let value_11 = compute(11);"


@given(
    st.lists(
        st.sampled_from(
            ["a = 1", "def f():", "  x(", "  b,", "  )", "}", "# c", "/*", "*/", '"""', "", "\tq", "@d"]
        )
    )
)
def test_every_line_is_in_one_statement_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = list(code_statements(text, 0, len(text)))
    said = "\n".join(text[start:end] for start, end in found)
    assert [line for line in said.split("\n") if line.strip()] == [line for line in lines if line.strip()]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))


def test_statements_of_a_long_file_take_as_long_as_it_is() -> None:
    def seconds(lines: int) -> float:
        text = "".join(f"{' ' * (number % 40)}value_{number} = call({number},\n" for number in range(lines))
        started = time.process_time()
        assert sum(1 for _ in code_statements(text, 0, len(text))) > lines / 10
        return time.process_time() - started

    seconds(500)
    assert seconds(16_000) < 40 * max(seconds(1_600), 0.005)


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ("config.py › Config", True),
        ("Makefile", True),
        (".env", True),
        ("go.mod", True),
        ("notes", False),
        ("", False),
        ("My config.py notes", False),
    ],
)
def test_passages_of_source_files_are_known_by_the_name_above_them(context: str, expected: bool) -> None:
    assert is_of_code(context) is expected


def test_code_between_fences_is_told_apart_from_the_prose_around() -> None:
    text = "Set the port:\n\n```yaml\nport: 9115\nhost: a\n```\n\nThen start it."
    assert [text[start:end].strip() for _, start, end, _ in fenced_spans(text)] == ["port: 9115\nhost: a"]
    spans = list(statement_spans(text, "Readme"))
    assert [(text[span.start : span.end], span.is_code) for span in spans] == [
        ("Set the port:", False),
        ("port: 9115", True),
        ("host: a", True),
        ("Then start it.", False),
    ]


def test_a_definition_with_a_hash_is_no_heading() -> None:
    passage = Passage(1, "d", 0, 0, len(C), C, None, (), "kilo.c")
    found = sentences_of([passage])
    assert [one.is_heading for one in found] == [False, False]
    assert all(one.is_code for one in found)
