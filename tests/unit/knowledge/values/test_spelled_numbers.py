"""Numbers in words, read by Unicode's rules for spelling them."""

from __future__ import annotations

import pytest
from unicode_rbnf import FormatPurpose, RbnfEngine

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.values.spelled_numbers import SpelledNumber, spelled_numbers
from chatbot_app.knowledge.values.values import values_of

# A sentence in which each language is known for sure.
FRAMES = {
    "en": "It was in the house of the {} that they had.",
    "de": "Es ist in dem Haus und von den {} nicht für die.",
    "fr": "Il est dans la maison des {} qui sont pour elle.",
    "es": "Los de la casa y las {} que se han visto por el.",
    "it": "Il gatto che è della casa con {} nel giardino alla.",
    "pt": "O gato que não foi da casa com {} no jardim uma.",
    "nl": "Het is van de {} en dat zijn niet voor een.",
    "ru": "Это было в доме и на нём {} из них, как он.",
    "zh": "他们有{}，还有别的。",
    "ja": "かれらは{}をもっている。",
    "ko": "그들은 {} 있다",
}
NUMBERS = (2, 7, 16, 21, 71, 99, 100, 108, 110, 280, 523, 700, 999, 1001, 2023, 12_345, 100_000, 2_500_000)


@pytest.mark.parametrize("language", FRAMES)
def test_what_a_language_spells_is_read_as_the_number_it_is(language: str) -> None:
    engine, start = RbnfEngine.for_language(language), FRAMES[language].index("{")
    for number in NUMBERS:
        for name, words in engine.format_number(number, FormatPurpose.CARDINAL).text_by_ruleset.items():
            if "financial" not in name:
                found = list(spelled_numbers(FRAMES[language].format(words)))
                assert SpelledNumber(start, start + len(words), number) in found, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "One hundred and twenty-three of the twenty-first",
            [("One hundred and twenty-three", 123), ("twenty-first", 21)],
        ),
        ("between twenty and three hundred of the men", [("twenty", 20), ("three hundred", 300)]),
        ("Preis: fünfhundert Euro", [("fünfhundert", 500)]),
        ("В двадцать третьем доме пятисот рублей", [("двадцать третьем", 23), ("пятисот", 500)]),
        ("Maison de 1932, quatre chambres, deux salles de bains", [("quatre", 4), ("deux", 2)]),
        ("价格是三千五百万元", [("三千五百万", 35_000_000)]),
        # Words that are numbers elsewhere, articles, heads of tables.
        ("It is due to the one that they seize in the millions, EUR thousand", []),
        ("due, mil, once", []),
        ("百分之", []),
    ],
)
def test_numbers_in_words_are_found_where_they_are(text: str, found: list[tuple[str, int]]) -> None:
    assert [(text[one.start : one.end], one.number) for one in spelled_numbers(text)] == found


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("他有两个孩子。", "他有三个孩子。"),
        ("公司成立于一九九八年。", "公司成立于一九九九年。"),
        ("公司有三千五百名员工。", "公司有三千六百名员工。"),
        ("会议于三月五日举行。", "会议于三月六日举行。"),
        ("人口约为一百二十万。", "人口约为一百三十万。"),
        ("占百分之五。", "占百分之六。"),
        ("価格は五百円です。", "価格は六百円です。"),
        ("会社は平成10年に設立された。", "会社は平成11年に設立された。"),
        ("가격은 오백 원입니다.", "가격은 육백 원입니다."),
        ("The price is five hundred euros.", "The price is six hundred euros."),
        ("Der Preis beträgt fünfhundert Euro.", "Der Preis beträgt sechshundert Euro."),
        ("Le prix est de cinq cents euros.", "Le prix est de six cents euros."),
        ("El precio es de quinientos euros.", "El precio es de seiscientos euros."),
        ("Цена составляет пятьсот рублей.", "Цена составляет шестьсот рублей."),
        ("Il prezzo è di cinquecento euro.", "Il prezzo è di seicento euro."),
        ("O preço é de quinhentos euros.", "O preço é de seiscentos euros."),
        ("De prijs is vijfhonderd euro.", "De prijs is zeshonderd euro."),
        ("The twenty-first meeting took place in Rome.", "The twenty-second meeting took place in Rome."),
        ("Chapter XIV covers leases.", "Chapter XV covers leases."),
        ("Every third member voted.", "Every fourth member voted."),
        ("A dozen eggs are needed.", "Two dozen eggs are needed."),
        ("It took half a year.", "It took a quarter of a year."),
        ("The lease ends in May.", "The lease ends in June."),
        ("The lease ends on Monday.", "The lease ends on Tuesday."),
        ("Der Vertrag endet im Mai.", "Der Vertrag endet im Juni."),
        ("Le bail finit lundi.", "Le bail finit mardi."),
        ("Договор заканчивается в мае.", "Договор заканчивается в июне."),
    ],
)
def test_another_number_in_words_is_no_support(statement: str, source: str) -> None:
    [check] = check_statement(statement, [Source(source)])

    assert check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Der Preis beträgt 500 Euro im Jahr.", "Der Preis beträgt fünfhundert Euro im Jahr."),
        ("The hall holds 1,250 people.", "The hall holds one thousand two hundred and fifty people."),
        ("Le loyer est de 523 euros.", "Le loyer est de cinq cent vingt-trois euros."),
        ("В деревне 23 дома.", "В деревне двадцать три дома."),
        ("价格是500元。", "价格是五百元。"),
        ("占全部的5%。", "占全部的百分之五。"),
        ("Due within 14 days of the invoice.", "Due within fourteen (14) days of the invoice."),
        ("Due within 14 days of the invoice.", "Due within 14 (fourteen) days of the invoice."),
    ],
)
def test_a_number_in_words_supports_the_same_in_digits(statement: str, source: str) -> None:
    assert {check.verdict for check in check_statement(statement, [Source(source)])} == {Verdict.SUPPORTED}


def test_korean_words_that_begin_as_numbers_do_are_no_values() -> None:
    assert values_of("이 사람은 오늘 왔다") == []
    assert [value.readings for value in values_of("가격은 오백 원입니다.")] == [(500.0,)]
