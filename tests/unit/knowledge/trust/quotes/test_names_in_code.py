"""Names of code are the words they are made of, and a source file is also known by the folders that it lies in."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.sentences.code_statements import folders_above
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES, Question, features_of
from chatbot_app.knowledge.words.words import query_terms


def seen(question: str, text: str, path: str, feature: str) -> float:
    """Return a feature of the one statement of a file."""
    name = path.rpartition("/")[2]
    passage = Passage(1, "d", 0, 0, len(text), text, None, (), name)
    evidence = [Evidence(passage, name, path, StageScores(1.0, 0.5, 0.5, 1.0))]
    asked = Question(question, dict.fromkeys(query_terms(question)[0], 3.0))
    table = features_of(asked, evidence, sentences_of([passage]))
    return float(table[0, FEATURES.index(feature)])


@pytest.mark.parametrize("name", ["maxRetryDelay", "MaxRetryDelay", "max_retry_delay", "MAX_RETRY_DELAY"])
def test_a_name_is_met_in_words_however_it_is_spelled(name: str) -> None:
    assert seen("What is the retry delay?", f"const {name} = 3;", "/a/x.ts", "coverage") == 1


def test_in_prose_capitals_within_a_word_are_its_own() -> None:
    assert seen("What is the retry delay?", "A maxRetryDelay is set.", "/a/x.txt", "coverage") < 1


def test_a_source_file_is_of_the_project_that_its_folders_name() -> None:
    line, asked = 'rust-version = "1.88.0"', "Which Rust version does hyperfine need?"
    inside = seen(asked, line, "/home/ada/hyperfine/Cargo.toml", "coverage with context")
    assert inside > seen(asked, line, "/home/ada/other/Cargo.toml", "coverage with context")
    assert folders_above("/home/ada/hyperfine/src/cli.rs", "cli.rs") == "home ada hyperfine src"
    assert folders_above("/home/ada/hyperfine/notes.txt", "notes") == ""
