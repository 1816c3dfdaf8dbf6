"""Which form of the built-in model's vectors is searched, and what becomes of the others."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.knowledge.built_in_vectors import built_in_vectors
from chatbot_app.knowledge.children.built_in_stamps import (
    built_in_name,
    has_usual_stamps,
    joined,
    stamped,
)
from chatbot_app.knowledge.children.joined_vectors import FirstHalf
from chatbot_app.knowledge.children.prepared_model import ORIGINAL_SHA256
from chatbot_app.knowledge.embedder import embed_queries
from tests.unit.knowledge.two_halves import ENGLISH, JOINED, TwoHalves

ALONE, BOTH = ENGLISH.stamp, JOINED.stamp
OLDER = f"{JOINED.name[:-1]}0:768"  # the second half is of an earlier version
OTHER = stamped("f" * 64)  # another file of the first model


def test_a_new_library_has_the_newest_alone() -> None:
    for stored in ([], [BOTH], ["server/model@1:16"], [BOTH, "server/model@1:16"]):
        forms = built_in_vectors(TwoHalves(), stored, "")
        assert forms.searched.model == forms.imported.model == JOINED
        assert forms.newest is None
    forms = built_in_vectors(TwoHalves(is_multilingual=False), [ALONE], "")
    assert (forms.searched.model, forms.newest) == (ENGLISH, None)


def test_an_old_library_is_searched_as_it_is_until_the_newest_are_whole() -> None:
    for stored in ([ALONE], [ALONE, BOTH]):
        forms = built_in_vectors(TwoHalves(), stored, "")
        assert forms.searched.model == forms.imported.model == ENGLISH
        assert forms.newest is not None
        assert forms.newest.model == JOINED
        assert forms.removed == (ALONE,)
    forms = built_in_vectors(TwoHalves(), [ALONE, BOTH], BOTH)  # they were: the others were not removed yet
    assert forms.searched.model == forms.imported.model == JOINED
    assert forms.removed == (ALONE,)


def test_joined_vectors_are_searched_by_their_first_half_where_the_second_model_is_absent() -> None:
    process, whole = TwoHalves(is_multilingual=False), TwoHalves()
    forms = built_in_vectors(process, [BOTH], BOTH)
    assert isinstance(forms.searched, FirstHalf)
    assert forms.imported.model == ENGLISH
    assert forms.newest is not None
    assert forms.newest.model == ENGLISH
    assert forms.removed == ()  # another computer of the person's may have the second model
    assert whole.joined is not None
    passages = whole.joined.embed(["the mill by the river", "a cat on the sofa"])
    (asked,) = embed_queries(forms.searched, ["a mill"])
    assert np.allclose(
        passages @ asked,
        process.embed(["the mill by the river", "a cat on the sofa"]) @ process.embed(["a mill"])[0],
        atol=1e-5,
    )
    back = built_in_vectors(TwoHalves(), [BOTH, ALONE], ALONE)
    assert back.searched.model == ENGLISH
    assert back.newest is not None
    assert back.newest.model == JOINED


def test_vectors_that_nobody_can_make_any_more_are_made_anew() -> None:
    forms = built_in_vectors(TwoHalves(), [OTHER.stamp, joined(OTHER).stamp], OTHER.stamp)
    assert forms.searched.model == JOINED
    assert forms.newest is not None
    assert forms.removed == (OTHER.stamp, joined(OTHER).stamp)


def test_an_earlier_version_of_the_second_half_is_searched_by_the_first() -> None:
    forms = built_in_vectors(TwoHalves(), [OLDER], OLDER)
    assert isinstance(forms.searched, FirstHalf)
    assert forms.searched.model.stamp == OLDER
    assert forms.imported.model == JOINED
    assert forms.removed == (OLDER,)


def test_each_form_has_its_name() -> None:
    assert built_in_name(ALONE) == "all-MiniLM-L6-v2"
    assert built_in_name(BOTH) == "all-MiniLM-L6-v2 + multilingual-e5-small"


def test_the_usual_forms_are_told_without_reading_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    english = stamped(ORIGINAL_SHA256)
    for is_here in (True, False):
        monkeypatch.setattr(
            "chatbot_app.knowledge.children.built_in_stamps.is_multilingual_here",
            lambda is_here=is_here: is_here,
        )
        both, alone = joined(english).stamp, english.stamp
        assert has_usual_stamps([])
        assert has_usual_stamps(["server/model@1:16"])
        assert has_usual_stamps([both]) == is_here
        assert has_usual_stamps([alone]) != is_here
        assert not has_usual_stamps([both, alone])
        assert not has_usual_stamps([OTHER.stamp])
