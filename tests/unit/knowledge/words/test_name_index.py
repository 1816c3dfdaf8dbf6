import itertools

from chatbot_app.knowledge.words.name_index import NameIndex
from chatbot_app.knowledge.words.names import is_said_by, word_forms

_TEXTS = (
    "The American team met in Bendigo.",
    "America and the Super Bowl",
    "a super day, and a bowl of soup",
    "Jean-Luc Picard",
    "Jean and Luc were there",
    "Ольга Мещерякова",
    "written by Ольги Мещеряковой",
    "Superbowl XXXII",
    "XXXIII",
    "Great Britain, the British",
    "Bedigo",
)


class TestPlaces:
    def test_the_same_is_found_as_text_by_text(self) -> None:
        forms = [word_forms(text) for text in _TEXTS]
        index = NameIndex(forms)
        for form in {*itertools.chain(*forms), "germany", "superbowl", "jean-luc", "x"}:
            assert index.places(form) == {
                place for place, words in enumerate(forms) if is_said_by(form, words)
            }, form
