"""Statements that differ from their source in one thing that is neither a new number nor a new name."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

FLAGGED = (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)

COMPANY = (
    "Apple Inc. was founded on April 1, 1976, by Steve Jobs, Steve Wozniak and Ronald Wayne in Los Altos, California. In fiscal"
    " 2023 its total net sales were $383,285 million, down 3% from 2022. The company employed about 161,000 people as of"
    " September 30, 2023. Tim Cook has been Chief Executive Officer since August 24, 2011."
)
TRIAL = (
    "The trial enrolled 412 patients. Aspirin reduced the risk of stroke by 22% compared with placebo. Bleeding occurred in 3.1%"
    " of patients in the aspirin group and 1.9% in the placebo group. Of 240 participants, 118 were randomised to metformin and"
    " 122 to placebo. In the intervention group, HbA1c fell from 8.2% to 7.1% over 26 weeks, whereas in the control group it"
    " rose from 8.1% to 8.3%."
)
EVEREST = (
    "Mount Everest is 8,848.86 metres high. Edmund Hillary and Tenzing Norgay made the first official ascent in 1953, using the"
    " southeast ridge route. More than 300 people have died on Everest. The Chinese–Nepal border runs across its summit point."
)
CONTRACT = (
    "The tenant shall pay rent of EUR 1,250 per month. Pets are not allowed without written consent. During the probation"
    " period of six months, either party may terminate with two weeks' notice. Remote work is permitted up to three days a week."
)
RELEASE = (
    "Version 3.2 drops support for Python 3.7. The default timeout was raised from 10 to 30 seconds. The XML exporter is"
    " deprecated and will be removed in 5.0; the JSON exporter is unaffected. The meeting is moved from Tuesday to Thursday."
)
BRIDGE = (
    "Joseph Strauss was chief engineer; Charles Ellis did much of the structural design but was dismissed in 1931. The British"
    " landed at Gallipoli on 25 April 1915 and withdrew in January 1916. Tolls are collected only from southbound traffic."
)
GERMAN = (
    "Der Umsatz stieg 2022 um 12,5 Prozent auf 3,4 Milliarden Euro. Der Gewinn sank dagegen auf 210 Millionen Euro. Das Werk in"
    " Leipzig wird nicht geschlossen. Die Elbe ist 1.094,26 km lang und entspringt im Riesengebirge in Tschechien."
)
CHINESE = "长江全长约6300公里，是亚洲最长的河流。三峡大坝于2006年建成，装机容量为2250万千瓦。水位比上年下降了4.6米。"
FIGURES = (
    "| Item | Q3 2023 | Q3 2022 |\n|---|---|---|\n| Products | 60,584 | 63,355 |\n| Services | 21,213 | 19,604 |\n"
    "| Total net sales | 81,797 | 82,959 |\n(in millions)"
)

REPORT = Source(
    "|  | Three Months Ended July 1, 2023 | Three Months Ended June 25, 2022 | Change | Nine Months Ended July 1, 2023 |\n"
    "|---|---|---|---|---|\n"
    "| iPhone | $39,669 | $40,665 | (2)% | $156,778 |\n| Mac | 6,840 | 7,382 | (7)% | 21,743 |\n"
    "| Services | 21,213 | 19,604 | 8 % | 62,886 |\n| Total net sales | $81,797 | $82,959 | (1)% | $293,787 |\n"
    "iPhone net sales decreased during the third quarter and first nine months of 2023 compared to the same periods in 2022.",
    "Apple 10-Q, third quarter of 2023 › Net sales by category (dollars in millions)",
)


@pytest.mark.parametrize(
    ("passage", "statement"),
    [
        # Directions, and their opposites.
        (COMPANY, "Net sales rose by 3 percent in 2023."),
        (TRIAL, "Aspirin increased the risk of stroke by 22% compared with placebo."),
        (TRIAL, "HbA1c rose from 8.2% to 7.1% in the intervention group."),
        (TRIAL, "In the control group HbA1c fell from 8.1% to 8.3%."),
        (EVEREST, "The first ascent used the northeast ridge route."),
        (BRIDGE, "Tolls are collected from northbound traffic only."),
        (RELEASE, "Version 3.2 adds support for Python 3.7."),
        (RELEASE, "The default timeout was lowered from 10 to 30 seconds."),
        (RELEASE, "The default timeout was raised from 30 to 10 seconds."),
        (GERMAN, "Der Umsatz sank um 12,5 Prozent."),
        (CHINESE, "水位比上年上升了4.6米。"),
        # Limits and rates.
        (EVEREST, "Fewer than 300 people have died on Everest."),
        (CONTRACT, "Remote work is permitted at least three days a week."),
        (CONTRACT, "The tenant pays rent of EUR 1,250 per week."),
        # The old one given as today's.
        (RELEASE, "The default timeout is 10 seconds."),
        (RELEASE, "The meeting was moved to Tuesday."),
        # What belongs to something else: a group, a column, a row, a clause, a sentence.
        (TRIAL, "Bleeding occurred in 1.9% of patients in the aspirin group."),
        (TRIAL, "118 participants were randomised to placebo."),
        (CONTRACT, "During probation either party may terminate with six months' notice."),
        (FIGURES, "Total net sales were 82,959 million in Q3 2023."),
        (FIGURES, "Services sales were 60,584 million in Q3 2023."),
        (BRIDGE, "Charles Ellis was the chief engineer."),
        (BRIDGE, "Joseph Strauss was dismissed in 1931."),
        (BRIDGE, "The British withdrew from Gallipoli in April 1915."),
        (RELEASE, "The JSON exporter has been deprecated and will be removed in 5.0."),
        (COMPANY, "Steve Jobs has been Chief Executive Officer since August 24, 2011."),
        (GERMAN, "Der Umsatz betrug 210 Millionen Euro."),
        # Denials, each met by its own.
        (CONTRACT, "Pets are allowed without written consent."),
        (GERMAN, "Das Werk in Leipzig wird geschlossen."),
        # Numbers: roughly is not anything, Chinese ones count as well.
        (COMPANY, "Apple employed roughly 116,000 people."),
        (CHINESE, "长江全长约6400公里。"),
        (CHINESE, "三峡大坝装机容量为2350万千瓦。"),
    ],
)
def test_what_is_turned_round_or_belongs_to_something_else_is_flagged(passage: str, statement: str) -> None:
    [check] = check_statement(statement, [Source(passage)])
    assert check.verdict in FLAGGED
    assert check.reason


@pytest.mark.parametrize(
    ("passage", "statement"),
    [
        (COMPANY, "Net sales fell by 3 percent in 2023."),
        (COMPANY, "Tim Cook became Chief Executive Officer in 2011."),
        (COMPANY, "Apple was founded on 01.04.1976 by Steve Jobs, Steve Wozniak and Ronald Wayne."),
        (TRIAL, "Bleeding occurred in 3.1% of patients in the aspirin group."),
        (TRIAL, "Bleeding was seen in 1.9% of patients in the placebo group."),
        (TRIAL, "118 participants were randomised to metformin."),
        (TRIAL, "HbA1c fell from 8.2% to 7.1% in the intervention group."),
        (EVEREST, "Everest is 29,032 feet high."),
        (EVEREST, "Mount Everest is 8.85 km high."),
        (EVEREST, "More than 300 people died on Everest."),
        (EVEREST, "The border between China and Nepal runs across its summit."),
        (CONTRACT, "Pets are allowed with written consent."),
        (CONTRACT, "The rent is 1.250 € a month."),
        (CONTRACT, "During probation either party may terminate with two weeks' notice."),
        (RELEASE, "The default timeout is now 30 seconds."),
        (RELEASE, "The default timeout was 10 seconds before."),
        (RELEASE, "The XML exporter is deprecated and will be removed in 5.0."),
        (BRIDGE, "The British landed at Gallipoli in April 1915."),
        (BRIDGE, "Charles Ellis was dismissed in 1931."),
        (FIGURES, "Total net sales were $81,797 million in Q3 2023."),
        (FIGURES, "Services sales were 19,604 million in Q3 2022."),
        (GERMAN, "Der Gewinn fiel auf 210 Mio. Euro."),
        (GERMAN, "Die Elbe ist etwa 1094 km lang."),
        (CHINESE, "三峡大坝装机容量为2250万千瓦。"),
    ],
)
def test_what_the_source_says_in_other_words_is_supported(passage: str, statement: str) -> None:
    [check] = check_statement(statement, [Source(passage)])
    assert check.verdict is Verdict.SUPPORTED, check.reason


@pytest.mark.parametrize(
    ("statement", "is_true"),
    [
        ("Total net sales were $81.8 billion in the third quarter of 2023.", True),
        ("Total net sales were $82.96 billion in the third quarter of 2023.", False),
        ("Total net sales in the quarter were $293.8 billion.", False),
        ("For the nine months ended July 1, 2023, total net sales were $293.8 billion.", True),
        ("iPhone net sales were $39.7 billion, down 2% from $40.7 billion a year earlier.", True),
        ("iPhone net sales were $40.7 billion in the third quarter of 2023.", False),
        ("Mac net sales were $6.84 billion in the third quarter of 2023.", True),
        ("Mac net sales were $21.2 billion in the third quarter of 2023.", False),
        ("Services net sales rose 8%.", True),
        ("Services net sales fell 8%.", False),
        ("Total net sales increased 1%.", False),
    ],
)
def test_a_figure_of_a_report_belongs_to_its_row_and_column_and_to_its_sign(
    statement: str, is_true: bool
) -> None:
    [check] = check_statement(statement, [REPORT])
    assert (check.verdict is Verdict.SUPPORTED) is is_true, check.reason


def test_the_reason_names_both_words() -> None:
    [check] = check_statement("Net sales rose by 3 percent in 2023.", [Source(COMPANY)])
    assert "“rose”" in check.reason
    assert "“down”" in check.reason


def test_names_with_a_missing_letter_or_in_one_word_are_met() -> None:
    source = Source("Labor is favored in Bendigo and Geelong. Super Bowl 50 was played in Santa Clara.")
    for statement in ("Labor is favored in Bedigo and Geelong.", "Superbowl 50 was played in Santa Clara."):
        [check] = check_statement(statement, [source])
        assert check.verdict is Verdict.SUPPORTED, check.reason


def test_roman_numerals_are_not_misspelt() -> None:
    source = Source("Super Bowl XXXII was won by Denver in San Diego.")
    [check] = check_statement("Super Bowl XXXIII was won by Denver in San Diego.", [source])
    assert check.verdict in FLAGGED


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Version 3.2 drops support for Python 3.7. The default timeout was raised.", 2),
        ("The number of stores rose to 15. In Germany it fell.", 2),
        ("Am 3. Oktober 1990 kam die Einheit. Der Tag ist frei.", 2),
        ("1. The first point of a list", 1),
        ("He commanded the 19. Division at the front.", 1),
    ],
)
def test_a_short_number_ends_a_sentence_where_a_new_one_opens(text: str, count: int) -> None:
    assert len(list(sentence_spans(text, 0, len(text)))) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The 1 22 333,5 of 12% " * 40,
        ".,;:!?()|-" * 60,
        "9" * 50_000 + " people came in 1990.",
        "About 1" + "0" * 400 + " people came in 1990.",
        "hundred " * 200 + "people came in 1990.",
        "Sales" + " " * 20_000 + "while 5 rose.",
        "A\ud800pple sold 5 \udfff million 😀. ",
        "\u202eباعت الشركة ٣٠٠ مليون في عام 2023، ",
        "no not never " * 80,
        "Tim Cook ran 5; Bob Hill ran 6; " * 40,
        "from 10 to 30 from 5 to 9 " * 40,
        "A" * 2_000,
    ],
)
def test_any_text_is_checked_against_any_other(text: str) -> None:
    for statement, source in ((text, COMPANY), (COMPANY, text), (text, text)):
        for check in check_statement(statement, [Source(source), Source(COMPANY)]):
            assert 0 <= check.start < check.end <= len(statement)
            assert all(number in (1, 2) for number in check.sources)
