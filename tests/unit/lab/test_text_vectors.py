"""Bag of words and TF-IDF, against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np

from chatbot_app.lab.text_vectors import bag_of_words, cosines, tf_idf

TEXTS = ["The cat sat.", "The cat saw the dog", "Rain"]


def test_a_bag_counts_words_and_forgets_their_order() -> None:
    bag = bag_of_words(TEXTS)
    assert bag.terms == ("cat", "dog", "rain", "sat", "saw", "the")
    assert bag.matrix.tolist() == [[1, 0, 0, 1, 0, 1], [1, 1, 0, 0, 1, 2], [0, 0, 1, 0, 0, 0]]
    assert bag_of_words(["a b"]).matrix.tolist() == bag_of_words(["b a"]).matrix.tolist()


def test_rare_words_weigh_more() -> None:
    weighed = tf_idf(bag_of_words(TEXTS)).matrix
    common, rare = math.log(4 / 3) + 1, math.log(4 / 2) + 1  # in two texts of three, and in one
    row = np.array([common, 0, 0, rare, 0, common])
    np.testing.assert_allclose(weighed[0], row / np.linalg.norm(row))
    np.testing.assert_allclose(np.linalg.norm(weighed, axis=1), 1)


def test_angles_between_texts() -> None:
    angles = cosines(bag_of_words(TEXTS).matrix)
    np.testing.assert_allclose(angles[0, 1], 3 / math.sqrt(3 * 7))
    assert angles[0, 2] == 0
    np.testing.assert_allclose(np.diag(angles), 1)


def test_nothing_has_no_angle_to_anything() -> None:
    for texts in ([], [""], ["", "a"], ["!?", "…"]):
        bag = bag_of_words(texts)
        assert bag.matrix.shape == (len(texts), len(bag.terms))
        assert not np.isnan(cosines(tf_idf(bag).matrix)).any()
