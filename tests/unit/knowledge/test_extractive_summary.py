"""A text summarised by its own sentences: which carry most, of any length and script."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge import extractive_summary
from chatbot_app.knowledge.extractive_summary import LONGEST, summarise

BEES = (
    "Bees\n\n"
    "Honey bees live in colonies of up to sixty thousand workers with a single queen. "
    "The queen of a honey bee colony lays up to two thousand eggs a day. "
    "Worker bees of the colony gather nectar and pollen for the queen and her brood. "
    "My uncle once had a red car with squeaky doors and worn tyres. "
    "Workers tell the colony where nectar is with a dance. "
    "In winter the colony of bees stays warm around the queen and lives on honey. "
    "Some people find wasps annoying during picnics near rivers. "
    "A colony without a queen raises a new queen from the eggs that are left. "
    "Well, well. Read on!"
)


def sentences(text: str) -> list[str]:
    found = summarise(text)
    assert list(found.spans) == sorted(found.spans)
    return [text[start:end] for start, end in found.spans]


def test_what_most_sentences_speak_of_is_chosen_in_the_order_of_the_text() -> None:
    chosen = sentences(BEES)
    assert len(chosen) == 3
    assert all("queen" in sentence for sentence in chosen)
    assert not any("car" in sentence or "wasps" in sentence for sentence in chosen)
    assert all(sentence.endswith(".") for sentence in chosen)


def test_code_is_no_sentence() -> None:
    code = "```sh\ncolony --queen bees honey workers  # the colony of the queen\n```\n"
    assert sentences(code + BEES) == sentences(BEES)


def test_what_was_said_already_is_not_chosen_again() -> None:
    repeated = "The queen of a honey bee colony lays up to two thousand eggs a day. " * 20 + BEES
    chosen = sentences(repeated)
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize("text", ["", "   \n\n", "!!! ??? …", "-----"])
def test_a_text_without_a_word_has_no_sentences(text: str) -> None:
    assert summarise(text).spans == ()


def test_short_texts_give_what_they_have() -> None:
    assert sentences("Only this sentence stands here today.") == ["Only this sentence stands here today."]
    assert sentences("One word. Two.") == ["One word."] or sentences("One word. Two.") == ["Two."]
    assert len(sentences("Ships carry grain. Trains carry coal. Planes carry mail and grain.")) == 2


def test_chinese_is_summarised_by_its_sentences() -> None:
    text = (
        "蜜蜂生活在由一只蜂王和数万只工蜂组成的蜂群中。蜂王每天最多可以产下两千枚卵。工蜂为蜂王和幼虫采集花蜜和花粉。"
        "我叔叔有一辆红色的旧汽车。工蜂用舞蹈告诉蜂群花蜜在哪里。冬天蜂群围绕蜂王取暖，以蜂蜜为生。失去蜂王的蜂群会培育新的蜂王。"
    )
    chosen = sentences(text)
    assert 2 <= len(chosen) <= 3
    assert all(sentence.endswith("。") for sentence in chosen)
    assert not any("汽车" in sentence for sentence in chosen)


def test_a_text_of_any_length_is_read_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "".join(
        f"Sentence {n} speaks of topic {n % 50} and of thing {n % 7} at length. " for n in range(2_100)
    )
    assert len(sentences(long)) == 7
    endless = summarise("word and other words " * 10_000)
    assert endless.spans[0][1] - endless.spans[0][0] <= LONGEST
    monkeypatch.setattr(extractive_summary, "MOST_SENTENCES", 40)
    rows = summarise("value one two three four.\n\n" * 45)
    assert (rows.sentences, rows.is_whole) == (40, False)
