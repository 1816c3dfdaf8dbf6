"""The benchmark's questions about code: docstrings leave the text that is searched, and are what is asked."""

from __future__ import annotations

from tests.benchmarks.code_of_packages import first_sentence, without_docstrings

SOURCE = '''"""About the module."""


class Pager:
    """Shows a long text one page at a time. More about it."""

    def strip(self, text):
        """Strip styles when the `output` is no terminal.

        :param text: what is shown
        """
        # A comment stays.
        return text

    def nothing(self):
        """Do nothing at all, and say so."""
'''


def test_docstrings_are_taken_out_and_asked_for() -> None:
    text, questions = without_docstrings(SOURCE)
    assert '"""' not in text
    assert "# A comment stays." in text
    compile(text, "module", "exec")
    assert [(question.text, text[question.start :].split("\n")[0].strip()) for question in questions] == [
        ("Shows a long text one page at a time.", "class Pager:"),
        ("Strip styles when the output is no terminal.", "def strip(self, text):"),
        ("Do nothing at all, and say so.", "def nothing(self):"),
    ]


def test_a_docstring_beside_its_definition_stays() -> None:
    source = 'def short(): "Say it in five short words."\n'
    assert without_docstrings(source) == (source, [])


def test_a_first_sentence_ends_with_its_paragraph() -> None:
    assert first_sentence("Return :class:`Thing`\nof a kind\n\nMore.") == "Return Thing of a kind"
