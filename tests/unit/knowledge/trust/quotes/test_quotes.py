"""Quotes: the sentence that answers, word for word and at its place; refusal where the documents are silent."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from chatbot_app.core.document_fields import FieldMatch, FieldsAsked
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.core.trust import Quote, Quotes
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence, sentences_of
from chatbot_app.knowledge.trust.quotes.missing_parts import NAME_MISSING
from chatbot_app.knowledge.trust.quotes.quote_confidence import (
    GREATEST,
    KEPT_TO,
    OF_BEST,
    odds_of_scope,
)
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES, Question, features_of
from chatbot_app.knowledge.trust.quotes.quote_weights import (
    PASSAGES_AND_READ,
    PASSAGES_AND_TOKENS,
    PASSAGES_AND_WORDS,
    READ,
    TOKENS,
    VECTORS,
    WORDS,
)
from chatbot_app.knowledge.trust.quotes.quote_windows import LONGEST_QUOTE, chosen_windows
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from chatbot_app.knowledge.words.questions import class_words
from chatbot_app.knowledge.words.words import query_terms

BRIDGE = (
    "The bridge was designed by Ottmar Ammann. Work on it began in May 1927 and took four years. "
    "It carries 103 million vehicles a year."
)
RIVER = "The river is tidal up to Troy. Henry Hudson explored it in 1609."


def found(
    question: str,
    *texts: str,
    familiarity: float = 1.0,
    is_foreign: bool = False,
    is_multilingual: bool = False,
    pending: int = 0,
    cosine: float = 0.5,
) -> Retrieval:
    evidence = tuple(
        Evidence(
            Passage(n, f"d{n}", n, 100, 100 + len(text), text, 3, ("Chapter",), "Title\nChapter"),
            f"Document {n}",
            f"/folder/{n}.pdf",
            StageScores(1.0, cosine, 0.5, 1.0 - n / 10),
        )
        for n, text in enumerate(texts)
    )
    words, pairs = query_terms(question)
    terms = tuple((term, 3.0) for term in [*words, *pairs])
    return Retrieval(
        question,
        question,
        evidence,
        familiarity=familiarity,
        is_foreign=is_foreign,
        is_multilingual=is_multilingual,
        pending_vectors=pending,
        terms=terms,
    )


@pytest.fixture(scope="module")
def embedder() -> BuiltInEmbedder:
    return BuiltInEmbedder()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who designed the bridge?", "Ottmar Ammann"),
        ("When did work on the bridge begin?", "1927"),
        ("How many vehicles cross the bridge?", "103 million"),
        ("Who explored the river?", "Henry Hudson"),
    ],
)
@pytest.mark.parametrize("way", ["words", "tokens"])
def test_the_first_quote_holds_the_answer_at_its_place(
    embedder: BuiltInEmbedder, question: str, answer: str, way: str
) -> None:
    texts = (BRIDGE, RIVER)
    quotes = find_quotes(found(question, *texts), embedder if way == "tokens" else None).quotes
    assert answer in quotes[0].text
    for quote in quotes:
        assert quote.text == texts[int(quote.document_id[1:])][quote.start - 100 : quote.end - 100]
        assert len(quote.text) <= max(LONGEST_QUOTE)
        assert (quote.page, quote.heading) == (3, "Chapter")
        assert Quote.from_dict(quote.to_dict()) == quote


@pytest.mark.parametrize(
    ("is_foreign", "cosine", "refused"),
    [(True, 0.3, False), (True, 0.1, True), (False, 0.3, True)],
)
def test_what_is_asked_in_another_language_is_refused_by_its_distance(
    is_foreign: bool, cosine: float, refused: bool
) -> None:
    question = "Von wem wurde die Hängebrücke entworfen?"
    asked = found(question, BRIDGE, RIVER, familiarity=0.0, is_foreign=is_foreign, cosine=cosine)
    quotes = find_quotes(asked)
    assert quotes.refused is refused
    assert quotes.quotes[0].text in BRIDGE
    assert 0 < quotes.confidence < 1


def test_no_passage_is_a_refusal_without_quotes() -> None:
    quotes = find_quotes(Retrieval("Who?", "Who?", ()))
    assert quotes.refused
    assert quotes.quotes == ()


def test_what_has_nothing_to_do_with_the_question_is_refused(embedder: BuiltInEmbedder) -> None:
    quotes = find_quotes(found("What is the boiling point of liquid nitrogen?", BRIDGE, RIVER), embedder)
    assert quotes.refused
    assert quotes.quotes  # the nearest, to be shown as such
    assert not find_quotes(found("Who designed the bridge?", BRIDGE, RIVER), embedder).refused


@pytest.mark.parametrize(
    "text",
    [
        "words without any end " * 100,
        "| Product | 2022 | 2023 |\n| Phones | 10 | 12 |\n| Tablets | 5 | 4 |\n" * 5,
        "def f(x):\n    return x + 1\n\nclass A:\n    pass\n" * 10,
        "北京是中华人民共和国的首都。" * 60,
        "x" * 5_000,
        "\n\n\n",
    ],
)
def test_any_text_is_quoted_in_bounded_pieces(text: str) -> None:
    retrieval = found("Which phones?", text)
    for quote in find_quotes(retrieval).quotes:
        assert quote.text == text[quote.start - 100 : quote.end - 100]
        assert len(quote.text) <= max(LONGEST_QUOTE)
    assert all(
        0 <= s.start < s.end <= len(text) for s in sentences_of([item.passage for item in retrieval.evidence])
    )


def test_the_weights_fit_the_features() -> None:
    for weights in (WORDS, VECTORS, TOKENS, READ, PASSAGES_AND_WORDS, PASSAGES_AND_TOKENS, PASSAGES_AND_READ):
        assert weights.features.shape == (len(FEATURES),)
        assert weights.signals.shape == (len(OF_BEST) + len(GREATEST) + 2,)
        assert np.isfinite(weights.signals).all()


def test_cosines_of_passages_count_only_where_the_search_has_those_that_were_measured() -> None:
    feature, signal = FEATURES.index("cosine of the passage"), OF_BEST.index("cosine of the passage")
    for weights in (WORDS, VECTORS, TOKENS, READ):
        assert weights.features[feature] == weights.signals[signal] == 0
    for weights in (PASSAGES_AND_WORDS, PASSAGES_AND_TOKENS, PASSAGES_AND_READ):
        assert weights.signals[signal] > 0
        assert weights.features[feature] == 0  # sentences are ranked without them


def test_only_what_was_read_counts_what_reading_says() -> None:
    feature = FEATURES.index("read as an answer")
    for weights in (WORDS, VECTORS, TOKENS, PASSAGES_AND_WORDS, PASSAGES_AND_TOKENS):
        assert weights.features[feature] == 0
    for weights in (READ, PASSAGES_AND_READ):
        assert weights.features[feature] > 0


BOILING = "Вода закипает при ста градусах. Мост построен из стали."


@pytest.mark.parametrize(
    ("question", "texts", "familiarity"),
    [("Who built the crossing?", (BRIDGE, RIVER), 1.0), ("Из чего сделан мост?", (BOILING,), 0.0)],
)
def test_what_has_few_words_in_common_is_an_answer_near_the_question_and_none_far_from_it(
    embedder: BuiltInEmbedder, question: str, texts: tuple[str, ...], familiarity: float
) -> None:
    """In a language that the model of sentences knows, and in one that it does not."""

    def quoted(cosine: float, *, is_multilingual: bool = True, pending: int = 0) -> Quotes:
        asked = found(
            question,
            *texts,
            familiarity=familiarity,
            is_multilingual=is_multilingual,
            pending=pending,
            cosine=cosine,
        )
        return find_quotes(asked, embedder)

    assert quoted(0.1).refused
    assert not quoted(0.5).refused
    # Of vectors that are not there yet, and of another model's, nobody knows what is near.
    assert quoted(0.1, pending=1) == quoted(0.5, pending=1)
    assert quoted(0.1, is_multilingual=False) == quoted(0.5, is_multilingual=False)


def test_a_passage_that_is_not_among_the_nearest_is_as_far_as_the_last_of_them() -> None:
    question = "Who designed the bridge?"
    near = found(question, BRIDGE, RIVER, is_multilingual=True)
    first, second = near.evidence
    cosine = FEATURES.index("cosine of the passage")

    def cosines(*known: float | None) -> list[float]:
        evidence = [
            replace(item, scores=replace(item.scores, vector=vector))
            for item, vector in zip((first, second), known, strict=True)
        ]
        sentences = sentences_of([item.passage for item in evidence])
        table = features_of(Question(question, dict(near.terms)), evidence, sentences)
        return sorted({round(float(value), 3) for value in table[:, cosine]})

    assert cosines(0.5, 0.25) == [0.25, 0.5]
    assert cosines(0.5, None) == [0.5]
    assert cosines(None, None) == [0.0]


def test_a_row_is_quoted_alone_with_what_its_figures_are() -> None:
    context = "Report › Results\n(In millions) Amounts in $.\n|  | June 25, 2022 | June 26, 2021 |"
    text = "| Products | 63,355 | 63,948 |\n| Total net sales | 82,959 | 81,434 |\n| Gross margin | 35,885 | 35,255 |"
    passage = Passage(1, "d0", 0, 100, 100 + len(text), text, 4, ("Results",), context)
    item = Evidence(passage, "Report", "/report.pdf", StageScores(1.0, 0.5, 1.0, 1.0))
    terms = (("total", 2.0), ("net", 2.0), ("sales", 2.0))
    quotes = find_quotes(Retrieval("Total net sales", "Total net sales", (item,), terms=terms)).quotes
    assert quotes[0].text == "| Total net sales | 82,959 | 81,434 |"
    assert quotes[0].text == text[quotes[0].start - 100 : quotes[0].end - 100]
    assert quotes[0].described == (
        "Total net sales, June 25, 2022: $82,959 million; June 26, 2021: $81,434 million"
    )
    assert quotes[0].words == quotes[0].described
    assert Quote.from_dict(quotes[0].to_dict()) == quotes[0]
    old = quotes[0].to_dict()
    del old["described"]  # as an answer of an earlier release holds it
    assert Quote.from_dict(old).words == quotes[0].text


def _reports() -> Retrieval:
    table = (
        "Quarterly results\n\n"
        "| (in millions) | July 1, 2023 | June 25, 2022 |\n"
        "| --- | --- | --- |\n"
        "| Total net sales | 81,797 | 82,959 |\n"
        "| Operating income | 22,998 | 23,076 |\n"
    )
    prose = (
        "Total net sales increased during the third quarter of 2022, driven by higher total net sales of phones. "
        "Total net sales in the third quarter of 2022 were weaker where currencies were."
    )
    return found("What were the total net sales in the third quarter of 2022?", prose, table)


def test_a_row_that_the_question_names_comes_before_prose_about_it() -> None:
    quotes = find_quotes(_reports())
    assert not quotes.refused
    assert "82,959" in quotes.quotes[0].text


def test_a_row_of_a_report_that_was_not_asked_for_is_no_answer_by_its_name() -> None:
    asked = _reports()
    other = tuple(replace(item, match=FieldMatch.DIFFERS) for item in asked.evidence)
    assert "82,959" not in find_quotes(replace(asked, evidence=other)).quotes[0].text


@pytest.mark.parametrize(
    ("question", "figure_first"),
    [
        ("What were the net sales of phones in the third quarter of 2023?", True),
        ("Why did the net sales of phones fall in the third quarter of 2023?", False),
        ("What were the reasons for lower net sales of phones in the third quarter of 2023?", False),
    ],
)
def test_a_row_of_figures_is_no_reason(question: str, figure_first: bool) -> None:
    table = "| (in millions) | July 1, 2023 | June 25, 2022 |\n| --- | --- | --- |\n| Net sales of phones | 39,669 | 40,665 |"
    prose = "Net sales of phones decreased, as fewer people bought the models without a camera."
    first = find_quotes(found(question, table, prose)).quotes[0]
    assert first.text.startswith("|") is figure_first


def test_a_row_with_words_may_say_the_reason() -> None:
    table = "| Outage | Reason |\n| --- | --- |\n| Hall 3, pump failed | A seal was worn |\n| Hall 4, pump failed | No power |"
    first = find_quotes(
        found("Why did the pump of hall 3 fail?", table, "The pump of hall 3 is blue.")
    ).quotes[0]
    assert "seal" in first.text


@pytest.mark.parametrize("asked_for", [0, 1])
def test_of_the_same_row_of_two_reports_that_of_the_one_which_is_named_comes_first(asked_for: int) -> None:
    tables = [
        f"| (in millions) | {head} |\n| --- | --- |\n| Total net sales | {figure} |"
        for head, figure in (("March 26, 2022", "97,278"), ("June 25, 2022", "82,959"))
    ]
    retrieval = found("What were the total net sales in the second quarter of 2022?", *tables)
    matches = [FieldMatch.FITS if n == asked_for else FieldMatch.NONE for n in range(2)]
    evidence = tuple(
        replace(one, match=match) for one, match in zip(retrieval.evidence, matches, strict=True)
    )
    first = find_quotes(replace(retrieval, evidence=evidence)).quotes[0]
    assert first.document_id == f"d{asked_for}"


@pytest.mark.parametrize("words", ["kinds of files", "types of files", "files"])
def test_the_word_for_a_kind_is_nothing_that_an_answer_has_to_say(words: str) -> None:
    text = "Files of these formats can be read: PDF, Word, Excel and plain text."
    plain = find_quotes(found("Which files can be read?", text)).confidence
    assert find_quotes(found(f"Which {words} can be read?", text)).confidence >= 0.9 * plain


LEASE = (
    "4. Security deposit. Tenants shall pay a deposit of $3,500 upon signing.\n\n5. Pets. No dogs are allowed. One cat is"
    " permitted for a fee of $200.\n\n6. Utilities. Landlord pays for water and trash collection."
)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Are dogs allowed?", "5. Pets. No dogs are allowed. One cat is permitted for a fee of $200."),
        ("Who pays for water?", "6. Utilities. Landlord pays for water and trash collection."),
    ],
)
def test_a_quote_does_not_end_with_the_heading_of_what_comes_after_it(question: str, quote: str) -> None:
    for one in find_quotes(found(question, LEASE)).quotes:
        assert not one.text.endswith(("Pets.", "Utilities."))
    assert find_quotes(found(question, LEASE)).quotes[0].text == quote


MINUTES = (
    "3. Lighting desk\nIt was agreed to buy the desk from Stagelec.\nACTION: Tom to order it.\n\n"
    "4. Roof\nWater came in above the stage.\n\n5. Tools\n1. Hammer\n2. Saw"
)


def test_a_numbered_title_is_no_end_of_the_section_above() -> None:
    headings = [one.text for one in sentences_of([found("?", MINUTES).evidence[0].passage]) if one.is_heading]
    assert headings == ["3. Lighting desk", "4. Roof"]
    quote = find_quotes(found("Who has to order the desk?", MINUTES)).quotes[0].text
    assert "ACTION: Tom to order it." in quote
    assert not quote.endswith("4. Roof")


@pytest.mark.parametrize("heading", ["## Warranty and service", "WARRANTY AND SERVICE"])
def test_a_heading_alone_is_no_quote(heading: str) -> None:
    text = f"{heading}\n\nWhoever bought the filter has three years to bring it back.\n\nCartridges are never replaced."
    quotes = find_quotes(found("What about the warranty and service?", text)).quotes
    assert quotes
    assert all(quote.text != heading for quote in quotes)


def test_a_document_of_headings_alone_is_quoted() -> None:
    assert find_quotes(found("Where is the warranty?", "# Warranty\n\n# Service")).quotes


def test_in_a_small_library_less_is_asked_of_an_answer() -> None:
    """The nearest of many passages is near by chance."""
    retrieval = found(
        "Who was absent from the meeting?", "Present: Ann. Excused from the meeting: Lucy Chen."
    )
    few, many = (find_quotes(replace(retrieval, passages=count)) for count in (60, 4_000))
    assert few.confidence > many.confidence
    assert find_quotes(replace(retrieval, passages=10**6)).confidence == many.confidence


def test_a_measure_that_is_asked_for_need_not_be_said() -> None:
    assert class_words("How much is the rent, and how long does it last?") == {"much", "long"}


def test_a_line_of_a_chat_is_quoted_by_itself() -> None:
    text = "[12/04/24, 08:14] Mia: the plumber comes on thursday\n[12/04/24, 08:20] Jo: wifi is lachs-42\n[12/04/24, 09:10] Mia: thanks"
    sentences = sentences_of([found("?", text).evidence[0].passage])
    assert [one.paragraph for one in sentences] == [0, 1, 2]
    assert chosen_windows(sentences, np.array([-6.0, 0.0, -6.0], np.float32), 1) == [(1, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "[12/04/24, 08:14] Mia: who has the key?\n[12/04/24, 08:20] Jo: it lies in the blue bowl\n[12/04/24, 09:10] Mia: thanks",
        "**Who has the key?**\n\nIt lies in the blue bowl.\n\n**May I smoke?**\n\nOn the balcony.",
        "谁有钥匙？\n\n钥匙在蓝色的碗里。\n\n可以抽烟吗？\n\n在阳台上。",
    ],
)
def test_what_follows_a_question_comes_along_as_its_answer(text: str) -> None:
    sentences = sentences_of([found("?", text).evidence[0].passage])
    assert [one.paragraph for one in sentences][:3] == [0, 0, 1]
    scores = np.full(len(sentences), -6.0, np.float32)
    scores[0] = 0.0
    assert chosen_windows(sentences, scores, 1) == [(0, 1)]


def test_another_paragraph_comes_along_only_where_it_adds_to_the_answer() -> None:
    text = (
        "# Hotel\n\n**When can I check in?** Rooms are ready from 3 pm.\n\n**Is there parking?** Twelve spaces. They cost 14 euros.\n\n"
        "- Small dogs are welcome.\n- Cats are not."
    )
    sentences = sentences_of([found("?", text).evidence[0].passage])
    places = {text[one.start : one.end].strip("*#- ").split()[0]: n for n, one in enumerate(sentences)}
    assert len({sentences[places[word]].paragraph for word in ("When", "Is", "Small", "Cats")}) == 4
    scores = np.full(len(sentences), -6.0, np.float32)
    scores[places["When"]] = 0.0
    [(first, last), *_] = chosen_windows(sentences, scores, 1)
    quoted = text[sentences[first].start : sentences[last].end]
    assert quoted == "# Hotel\n\n**When can I check in?** Rooms are ready from 3 pm."  # with its heading
    scores[places["Is"]] = -0.5  # as probable, nearly
    [(first, last), *_] = chosen_windows(sentences, scores, 1)
    assert "Rooms are ready" in text[sentences[first].start : sentences[last].end]
    assert "Twelve spaces." in text[sentences[first].start : sentences[last].end]


def test_a_further_quote_is_left_out_where_it_most_probably_holds_nothing() -> None:
    sentences = [Sentence(n, 0, 40, f"sentence {n}", False, False) for n in range(3)]
    scores = np.array([9.0, 8.0, 1.0], np.float32)  # e**-8 is less than a hundredth
    assert chosen_windows(sentences, scores, 3) == [(0, 0), (1, 1)]
    # A document that was asked for is quoted all the same.
    apart = np.array([0, 0, 1])
    assert chosen_windows(sentences, scores, 3, apart) == [(0, 0), (2, 2), (1, 1)]


def test_who_keeps_to_few_documents_is_answered_sooner() -> None:
    in_all = replace(found("Who designed it?", BRIDGE), passages=4000)
    assert odds_of_scope(in_all) == 0.0
    assert odds_of_scope(replace(in_all, kept_passages=4000)) == 0.0
    assert odds_of_scope(replace(in_all, kept_passages=400)) == pytest.approx(KEPT_TO)
    of_a_paper = odds_of_scope(replace(in_all, kept_passages=50))
    assert of_a_paper == odds_of_scope(replace(in_all, kept_passages=1)) > KEPT_TO  # as few as were measured
    assert odds_of_scope(replace(in_all, passages=30, kept_passages=5)) == 0.0  # a small library has no more
    sure = find_quotes(replace(in_all, kept_passages=50)).confidence
    assert sure > find_quotes(in_all).confidence


def test_of_headings_alone_the_best_is_quoted_first() -> None:
    sentences = [Sentence(n, 0, 10, f"heading {n}", is_row=False, is_heading=True) for n in range(3)]
    assert chosen_windows(sentences, np.array([1.0, 9.0, 8.0], np.float32), 3) == [(1, 1), (2, 2)]


SYLLABUS = (
    "# CS 201 Data Structures at the evening school, syllabus, spring 2024\nInstructor: Dr. Kwame Boateng, office 2.027\n\n"
    "The midterm is on March 14 and counts 25 %. Homework is due on Mondays."
)
SETTINGS = "# seconds until the gateway gives up\nmax_delay=240\n# connections at once\npool_size=40"


def test_a_title_ends_with_its_line_however_long() -> None:
    title, below = SYLLABUS.split("\n")[:2]
    said = {one.text: one.is_heading for one in sentences_of([found("?", SYLLABUS).evidence[0].passage])}
    assert said[title]
    assert not said[below]


def test_a_title_is_quoted_behind_what_it_stands_above() -> None:
    question = "Which instructor teaches CS 201 Data Structures at the evening school in spring 2024?"
    item = found(question, SYLLABUS)
    title = SYLLABUS.partition("\n")[0].removeprefix("# ")
    (one,) = item.evidence
    titled = replace(one, passage=replace(one.passage, heading_path=(title,)))
    first = find_quotes(replace(item, evidence=(titled,))).quotes[0].text
    assert "Kwame Boateng" in first
    assert "# CS 201" not in first


def test_a_comment_is_quoted_with_the_setting_below_it() -> None:
    first = find_quotes(found("After how many seconds does the gateway give up?", SETTINGS)).quotes[0].text
    assert first.startswith("# seconds until the gateway gives up")
    assert "max_delay=240" in first


def test_a_question_that_names_documents_which_are_there_is_refused_less_soon() -> None:
    plain = found("How did the bridge's tolls change over these years?", BRIDGE, RIVER)
    naming = replace(plain, asked=FieldsAsked(("Port Authority",), ("annual report",), (), 2, False))
    assert find_quotes(plain).confidence < find_quotes(naming).confidence


def test_a_report_of_another_company_is_quoted_after_that_which_is_asked() -> None:
    theirs = (
        "Foreign exchange rates affect the results: an adverse change of exchange rates would affect sales."
    )
    mine = "Foreign exchange rates are hedged, for a weaker euro lowers the results of the company."
    asked = found("How do foreign exchange rates affect the results of Pear?", theirs, mine)
    naming = FieldsAsked(("Pear Inc.",), (), (), 1, False)
    told = tuple(
        replace(item, match=match)
        for item, match in zip(asked.evidence, (FieldMatch.DIFFERS, FieldMatch.FITS), strict=True)
    )
    assert find_quotes(asked).quotes[0].text == theirs
    assert find_quotes(replace(asked, asked=naming, evidence=told)).quotes[0].text == mine


def test_what_the_named_documents_never_say_is_refused() -> None:
    text = "Net sales of Pear in Japan were $7,176 million in the quarter, and net sales of Pear in Europe $22,000 million."
    naming = FieldsAsked(("Pear Inc.",), (), (), 1, False)
    known, unknown = (
        find_quotes(replace(found(f"What were the net sales of Pear in {place}?", text), asked=naming))
        for place in ("Japan", "Brazil")
    )
    odds = [math.log(one.confidence / (1 - one.confidence)) for one in (known, unknown)]
    assert odds[0] - odds[1] > NAME_MISSING


def test_a_numbered_section_begins_a_paragraph_and_a_figure_in_wrapped_text_does_not() -> None:
    manual = "3. Press the key. The pump stops.\n3.2 Programming the cup\n1. Hold the key down."
    wrapped = "The tank of the larger machine that we tested holds about\n1.25 litres of water. It is enough."
    paragraphs = [
        [one.paragraph for one in sentences_of([found("?", text).evidence[0].passage])]
        for text in (manual, wrapped)
    ]
    assert paragraphs == [[0, 0, 1, 2], [0, 0]]
