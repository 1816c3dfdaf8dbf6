"""What says the same in other words is not doubted, and with one thing changed it is: no model, words alone."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

BAKERY = (
    "Maria Holt founded the bakery in 1987. She sold the bakery to Peter Lang in 2004, before moving to Spain. "
    "Net profit fell from 21 million pounds to 17 million."
)
BOOKS = "Books may be kept for four weeks and renewed twice, unless another reader has reserved them."
FEE = "Der Jahresbeitrag beträgt 60 Euro, für Jugendliche die Hälfte."
LIBRARY = "Bücher dürfen zweimal verlängert werden, außer wenn ein anderer Leser sie vorbestellt hat."
RETURNS = "Les produits ouverts ne sont ni repris ni échangés."
COSTS = "Les frais de retour sont à la charge de la cliente, sauf si l'article est défectueux."
STAFF = "除实习生外,全体员工都将获得搬迁补贴。"
ORGAN = "Die Orgel baute Meister Veit Lamprecht aus Ansbach, nicht, wie oft behauptet wird, sein Sohn Georg."
TABLETS = (
    "The tablets may be taken with water, but not together with milk or antacids: leave at least two hours between them. "
    "Do not take Velorin if you are allergic to quinolones or have ever had tendon problems."
)
DELAY = "Its chief executive, Henrik Solberg, blamed delays on a shortage of compressors."
TRIAL = "The new drug lowered blood pressure in 60 of 100 patients, while the placebo did so in only 20."
MUSEUM = "Музей закрылся на ремонт в марте 2021 года и вновь открылся через два года."


def _is_doubted(passage: str, statement: str) -> bool:
    checks = check_statement(statement, [Source(passage)])
    return any(check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED) for check in checks)


@pytest.mark.parametrize(
    ("passage", "true", "changed"),
    [
        (
            BAKERY,
            "Maria Holt moved to Spain after she had sold the bakery.",
            "She sold the bakery to Peter Lang in 2004, after moving to Spain.",
        ),
        (BAKERY, "Net profit declined to 17 million pounds.", "Net profit rose to 17 million pounds."),
        (BOOKS, "Every book may be kept for four weeks.", "All books may be renewed twice."),
        (FEE, "Jugendliche zahlen 30 Euro Jahresbeitrag.", "Jugendliche zahlen 40 Euro Jahresbeitrag."),
        (
            LIBRARY,
            "Bücher, die ein anderer Leser vorbestellt hat, dürfen nicht verlängert werden.",
            "",
        ),
        (RETURNS, "Un produit ouvert ne peut pas être échangé.", "Les produits ouverts sont échangés."),
        (COSTS, "Si l'article est défectueux, la cliente ne paie pas les frais de retour.", ""),
        (STAFF, "实习生没有搬迁补贴。", ""),
        (ORGAN, "Erbauer der Orgel war Veit Lamprecht und nicht sein Sohn Georg.", ""),
        (
            TABLETS,
            "You need to wait two hours between the tablet and milk or antacids.",
            "The tablets may be taken together with milk or antacids.",
        ),
        (
            DELAY,
            "Henrik Solberg blamed a lack of compressors for delays.",
            "Henrik Solberg did not blame delays.",
        ),
        (
            TRIAL,
            "Fewer patients improved on the placebo than on the new drug.",
            "The new drug raised blood pressure in 60 patients.",
        ),
        (MUSEUM, "Музей вновь открылся в 2023 году.", "Музей вновь открылся в 2024 году."),
    ],
)
def test_the_same_in_other_words_is_not_doubted(passage: str, true: str, changed: str) -> None:
    assert not _is_doubted(passage, true)
    assert not changed or _is_doubted(passage, changed)


def test_another_number_contradicts_only_what_the_sentence_speaks_of() -> None:
    source = Source(
        "Passwords have to have at least ten characters. The account is locked after five wrong attempts."
    )
    [same] = check_statement("The account is locked after six wrong attempts.", [source])
    [other] = check_statement("Everybody who forgets it thrice and waits 12 attempts is sorry.", [source])
    assert same.verdict is Verdict.CONTRADICTED
    assert other.verdict is Verdict.UNSUPPORTED
