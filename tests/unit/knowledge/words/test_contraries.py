from chatbot_app.knowledge.words.contraries import contraries_of
from chatbot_app.knowledge.words.words import stem


class TestContrariesOf:
    def test_an_antonym_counts_in_every_form(self) -> None:
        assert stem("failed") in contraries_of(stem("successful"))
        assert stem("successful") in contraries_of(stem("failed"))
        assert stem("widened") in contraries_of(stem("narrowed"))

    def test_what_may_say_the_same_is_no_contrary(self) -> None:
        assert stem("success") not in contraries_of(stem("successful"))
        assert contraries_of("xyzzy") == frozenset()
