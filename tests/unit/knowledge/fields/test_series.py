"""Documents that follow each other: which are alike, in which order they come, and which of them a question asks."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import DocumentFields, FieldMatch
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.matching import wanted_documents
from chatbot_app.knowledge.fields.reading import read_fields
from chatbot_app.knowledge.fields.series import SeriesIndex
from chatbot_app.knowledge.fields.series_names import DocumentNames

TEXTS = {
    "notes_2.10.0": "# Orrery 2.10.0 – release notes\n\nAdds the map.",
    "notes_2.9.2": "# Orrery 2.9.2 – release notes\n\nRepairs the compass.",
    "notes_1.8.0": "# Orrery 1.8.0 – release notes\n\nAdds routes.",
    "travel_policy_v9": "# Travel policy, version 9\n\nThe allowance is €32.",
    "travel_policy_v10": "# Travel policy, version 10\n\nThe allowance is €36.",
    "drawing_rev_A": "# Bracket drawing 1207, rev. A\n\nThe bolt is M8.",
    "drawing_rev_C": "# Bracket drawing 1207, rev. C\n\nThe bolt is M10.",
    "menu_v2": "Dish,Price\nGoulash,10.50",
    "menu_final": "Dish,Price\nGoulash,11.00",
    "board_jan": "# Minutes of the board of Calder Playhouse\nMeeting of 11 January 2024\n",
    "board_oct": "# Minutes of the board of Calder Playhouse\nMeeting of 3 October 2024\n",
    "quay_week_9": "# Project Quay – weekly report, week 9\nReporting date: 1 March 2024\n",
    "quay_week_10": "# Project Quay – weekly report, week 10\nReporting date: 8 March 2024\n",
    "visit_a": "# Site visit\nThe roof leaks. Visited on 8 August 2023.",
    "visit_b": "# Site visit\nThe roof is dry. Visited on 17 April 2024.",
    "satzung_1": "# Ausleihordnung der Bücherei, Fassung 1\n\nDie Frist ist drei Wochen.",
    "satzung_2": "# Ausleihordnung der Bücherei, Fassung 2\n\nDie Frist ist vier Wochen.",
    "checkup_emil_2024-03-01": "# Check-up\nPatient: Emil Haas",
    "checkup_emil_2024-06-07": "# Check-up\nPatient: Emil Haas",
    "checkup_nora_2024-06-11": "# Check-up\nPatient: Nora Haas",
    "soup": "Leek soup\n\n600 g leeks",
    "history": "# History of the harbour\n\nThe first lighthouse was built in 1822. The latest crane is of 1999.",
    "hepatitis_a": "# Hepatitis A\n\nIt is mild.",
    "hepatitis_b": "# Hepatitis B\n\nIt is not.",
    "invoice_77": "# Invoice 77\nLumen Lamps Ltd\nDate: 2 February 2024",
    "invoice_81": "# Invoice 81\nLumen Lamps Ltd\nDate: 9 May 2024",
    "note_of_firm": "# Report 2023 of Dorn AG\nRevenue rose.",
}


@pytest.fixture(scope="module")
def library() -> KnownLibrary:
    names = [
        DocumentNames(name, f"/x/{name}.md", name.replace("_", " "), text) for name, text in TEXTS.items()
    ]
    documents = (
        KnownDocument(name, read_fields(f"/x/{name}.md", name, text)) for name, text in TEXTS.items()
    )
    return KnownLibrary(documents, lambda: names)


def told(library: KnownLibrary, question: str, *earlier: str) -> tuple[set[str], set[str]]:
    """Return what a question asks, and what it sets aside."""
    matches = wanted_documents(question, library, earlier).matches
    return (
        {one for one, match in matches.items() if match is FieldMatch.FITS},
        {one for one, match in matches.items() if match is FieldMatch.DIFFERS},
    )


@pytest.mark.parametrize(
    ("question", "asked", "aside"),
    [
        ("What is new in the latest version of Orrery?", "notes_2.10.0", "notes_2.9.2 notes_1.8.0"),
        ("What changed in the version before 2.10.0?", "notes_2.9.2", "notes_2.10.0 notes_1.8.0"),
        ("What did the first release of Orrery add?", "notes_1.8.0", "notes_2.9.2 notes_2.10.0"),
        (
            "How high is the allowance under the latest travel policy?",
            "travel_policy_v10",
            "travel_policy_v9",
        ),
        (
            "How high was the allowance under the previous travel policy?",
            "travel_policy_v9",
            "travel_policy_v10",
        ),
        ("Which bolt is in the latest revision of drawing 1207?", "drawing_rev_C", "drawing_rev_A"),
        ("What does goulash cost in the latest menu?", "menu_final", "menu_v2"),
        ("What did goulash cost in the menu before the final one?", "menu_v2", "menu_final"),
        ("What was decided in the first minutes of the board?", "board_jan", "board_oct"),
        ("What is the latest progress of project Quay?", "quay_week_10", "quay_week_9"),
        ("What says the weekly report before the latest one on Quay?", "quay_week_9", "quay_week_10"),
        ("Who made the latest site visit?", "visit_b", "visit_a"),
        ("Wie lang ist die Frist in der neuesten Fassung der Ausleihordnung?", "satzung_2", "satzung_1"),
        ("Wie lang war die Frist in der vorherigen Fassung der Ausleihordnung?", "satzung_1", "satzung_2"),
        ("What is the latest pulse of Emil Haas?", "checkup_emil_2024-06-07", "checkup_emil_2024-03-01"),
        ("What is the total of the latest invoice from Lumen?", "invoice_81", "invoice_77"),
    ],
)
def test_a_question_chooses_of_a_series(library: KnownLibrary, question: str, asked: str, aside: str) -> None:
    assert told(library, question) == ({asked}, set(aside.split()))


def test_a_follow_up_steps_from_the_place_of_the_question_before(library: KnownLibrary) -> None:
    assert told(
        library, "And in the week before?", "How many piles are there in week 10 of project Quay?"
    ) == (
        {"quay_week_9"},
        {"quay_week_10"},
    )
    assert told(library, "And in the next week?", "How many piles are there in week 9 of project Quay?") == (
        {"quay_week_10"},
        {"quay_week_9"},
    )


@pytest.mark.parametrize(
    "question",
    [
        "From whom was the latest crane bought?",
        "When was the first lighthouse built?",
        "How long does the latest soup recipe cook?",
        "What is the latest finding on hepatitis?",  # a letter tells kinds apart, and no order
        "Who was the previous harbour master?",
        "What is the current password of the wifi?",
        "What is the most recent statement about wolves?",
        "How much is the allowance?",
        "What happened before the war?",
    ],
)
def test_where_no_series_is_meant_no_document_is_set_aside_for_another(
    library: KnownLibrary, question: str
) -> None:
    assert told(library, question) == (set(), set())


def test_documents_of_two_companies_are_no_series() -> None:
    names = [DocumentNames(f"{n}", f"/x/scan{n}.pdf", f"Quarterly report Q{n} 2023", "") for n in (1, 2)]
    fields = [DocumentFields("Pear Inc.", date="2023-03-31"), DocumentFields("Nile Inc.", date="2023-06-30")]
    known = [KnownDocument(f"{n}", one) for n, one in enumerate(fields, 1)]
    library = KnownLibrary(known, lambda: names)
    assert not told(library, "What is in the latest quarterly report?")[0]


@pytest.mark.parametrize(
    ("titles", "order"),
    [
        (["App 2.9.2", "App 2.10.0", "App 2.10.0-rc1"], ["App 2.9.2", "App 2.10.0-rc1", "App 2.10.0"]),
        (["Plan final", "Plan v2", "Plan draft"], ["Plan draft", "Plan v2", "Plan final"]),
        (["Bulletin May 2024", "Bulletin April 2024"], ["Bulletin April 2024", "Bulletin May 2024"]),
        (["Syllabus fall 2023", "Syllabus spring 2023"], ["Syllabus spring 2023", "Syllabus fall 2023"]),
        (["Statusbericht KW9", "Statusbericht KW10"], ["Statusbericht KW9", "Statusbericht KW10"]),
        (["Budget 2025 v1", "Budget 2024 v2"], ["Budget 2024 v2", "Budget 2025 v1"]),
        (["Zeichnung Rev. C", "Zeichnung Rev. B"], ["Zeichnung Rev. B", "Zeichnung Rev. C"]),
        (["Policy HH-553201", "Policy HH-553210"], []),  # numbers of contracts are no order
        (["Datasheet LM317L", "Datasheet LM317T"], []),
    ],
)
def test_the_order_of_a_series(titles: list[str], order: list[str]) -> None:
    index = SeriesIndex([DocumentNames(one, f"/x/{one}.pdf", one) for one in titles], {})
    assert [one for series in index.series for step in series.ordered() for one in step] == order


@pytest.mark.parametrize(
    ("question", "content"),
    [
        (
            "What did the previous travel policy say about first class?",
            "What did the travel policy say about first class?",
        ),
        ("What is the latest progress of project Quay?", "What is the progress of project Quay?"),
        ("Was sagt die neueste Ausleihordnung?", "Was sagt die Ausleihordnung?"),
        ("What comes next in the latest version of Orrery?", "What comes next in the version of Orrery?"),
        ("What did the first release of Orrery last add?", "What did the release of Orrery last add?"),
    ],
)
def test_what_chooses_a_document_is_not_asked_of_it(
    library: KnownLibrary, question: str, content: str
) -> None:
    assert wanted_documents(question, library).content == content


LEASES = {
    "lease_draft": "# Lease of a garage\n[DRAFT, not binding]\nThe lease begins on 1 June 2024.",
    "lease_signed": "# Lease of a garage\nSigned on 3 May 2024 by both parties",
    "statutes_2015": "# Statutes of the rowing club\nas adopted on 21 March 2015",
    "statutes_2023": "# Statutes of the rowing club\nas amended on 18 March 2023",
}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How high is the deposit in the signed lease?", "lease_signed"),
        ("What rent did the draft of the lease name?", "lease_draft"),
        ("Wie hoch ist die Miete im Entwurf des lease?", "lease_draft"),
        ("How long is the board elected under the amended statutes?", "statutes_2023"),
        ("What was the fee in the original statutes?", "statutes_2015"),
    ],
)
def test_the_state_of_a_version_says_which_is_meant(question: str, asked: str) -> None:
    names = [
        DocumentNames(name, f"/x/{name}.md", name.replace("_", " "), text) for name, text in LEASES.items()
    ]
    documents = (
        KnownDocument(name, read_fields(f"/x/{name}.md", name, text)) for name, text in LEASES.items()
    )
    assert told(KnownLibrary(documents, lambda: names), question)[0] == {asked}
