import pytest

from chatbot_app.knowledge.trust.contradictions.set_against import denied_alternative, of_another_label


class TestDeniedAlternative:
    @pytest.mark.parametrize(
        ("said", "source"),
        [
            (
                "The garrison gave up for lack of food.",
                "The garrison gave up for lack of powder, not of food.",
            ),
            ("The line manager approves it.", "It needs the approval of HR, and not of the line manager."),
        ],
    )
    def test_what_is_set_apart_is_not_so(self, said: str, source: str) -> None:
        assert denied_alternative(said, source)

    @pytest.mark.parametrize(
        ("said", "source"),
        [
            (
                "The garrison gave up for lack of powder.",
                "The garrison gave up for lack of powder, not of food.",
            ),
            ("They lacked powder rather than food.", "The garrison gave up for lack of powder, not of food."),
        ],
    )
    def test_what_is_so_is_no_contradiction(self, said: str, source: str) -> None:
        assert denied_alternative(said, source) is None


class TestOfAnotherLabel:
    @pytest.mark.parametrize(
        ("said", "sources"),
        [
            (
                "The cathode consists of graphite.",
                ["The anode usually consists of graphite, the cathode of a metal oxide."],
            ),
            (
                "Dizziness is a common side effect.",
                ["Common side effects: nausea, headache.", "Uncommon: rash, dizziness."],
            ),
            (
                "Recipients have to create the links again.",
                ["Owners must create the links again; the recipients do not have to do anything."],
            ),
        ],
    )
    def test_what_stands_under_the_other_label(self, said: str, sources: list[str]) -> None:
        assert of_another_label(said, sources) is not None

    @pytest.mark.parametrize(
        ("said", "sources"),
        [
            (
                "The anode consists of graphite.",
                ["The anode usually consists of graphite, the cathode of a metal oxide."],
            ),
            (
                "The cathode is a metal oxide.",
                ["The anode usually consists of graphite, the cathode of a metal oxide."],
            ),
            (
                "The anode is graphite and the cathode a metal oxide.",
                ["The anode usually consists of graphite, the cathode of a metal oxide."],
            ),
            (
                "Nausea is a common side effect.",
                ["Common side effects: nausea, headache.", "Uncommon: rash, dizziness."],
            ),
        ],
    )
    def test_what_stands_under_its_own(self, said: str, sources: list[str]) -> None:
        assert of_another_label(said, sources) is None
