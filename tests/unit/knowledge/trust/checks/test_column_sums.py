from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.source_sentences import source_sentences
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.checks.column_sums import column_sums

CAMPUSES = (
    "| Campus | Students 2021 | Students 2023 |\n|---|---|---|\n"
    "| Harbour | 4,210 | 4,680 |\n| Old Town | 2,975 | 2,610 |\n| Greenfield | 1,120 | 1,890 |\n"
)
TOTAL = "| Total | 8,305 | 9,180 |\n"


class TestColumnSums:
    def test_each_column_has_its_sum(self) -> None:
        sums = column_sums(source_sentences([Source(CAMPUSES)]))
        assert [(source, value.readings) for source, value in sums] == [(1, (8_305.0,)), (1, (9_180.0,))]

    def test_a_row_that_is_a_total_is_not_added(self) -> None:
        sums = column_sums(source_sentences([Source(CAMPUSES + TOTAL)]))
        assert [value.readings for _, value in sums] == [(8_305.0,), (9_180.0,)]

    def test_a_total_that_no_row_writes_is_found(self) -> None:
        for said, wanted in (
            ("Across all three campuses, the college had 9,180 students in 2023.", Verdict.SUPPORTED),
            ("Across all three campuses, the college had 9,810 students in 2023.", Verdict.CONTRADICTED),
        ):
            [check] = check_statement(said, [Source(CAMPUSES, "Students of the college")])
            assert check.verdict is wanted, check.reason
