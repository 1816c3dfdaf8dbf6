from chatbot_app.knowledge.sentences.facts import facts_of
from chatbot_app.knowledge.sentences.source_sentences import Source, source_sentences
from chatbot_app.knowledge.trust.checks.held_facts import MOST_DERIVED, FactIndex, HeldFacts
from chatbot_app.knowledge.trust.checks.sayings import Sayings


def _index(text: str) -> FactIndex:
    sentences = source_sentences([Source(text)])
    return FactIndex(sentences, Sayings(sentences))


class TestHeldFacts:
    def test_a_fact_stands_in_a_sentence_or_above_it(self) -> None:
        index = _index(
            "Anna Kern founded the club in 1962. It plays in Leeds. Its ground holds 4,000 people."
        )
        held = HeldFacts("Anna Kern", index, [1.0, 0.5, 0.2])
        [fact] = facts_of("a club of Anna Kern", {"anna", "kern"})
        assert [held.holds(place, fact) for place in range(3)] == [1.0, 0.9, 0.9]

    def test_what_follows_from_a_sentence_is_nearly_said_by_it(self) -> None:
        index = _index("The price rose from 40 euros to 46 euros.")
        [fact] = facts_of("The price rose by 6 euros.", set())
        assert HeldFacts("The price rose by 6 euros.", index, [1.0]).holds(0, fact) == 0.9

    def test_a_statement_is_not_compared_with_each_of_two_thousand_lines(self) -> None:
        lines = "\n".join(f"The pump number {i} costs {20_000 + 7 * i} euros." for i in range(2_000))
        index = _index(lines)
        said = "The pump number 1700 costs 31,900 euros."
        held = HeldFacts(said, index, [1.0] * len(index.sentences))
        price = facts_of(said, set())[-1]
        assert 1_700 in held.candidates(price)
        assert len(held.candidates(price)) < MOST_DERIVED + 240
        assert held.holds(1_700, price) == 1.0
