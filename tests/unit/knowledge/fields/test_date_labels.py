"""Labels before dates on title pages: which are the document's own, and which say another's day."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.reading import read_fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("# Weekly report, tunnel 4\nReporting date: 17 May 2024\nThe lining is done.", "2024-05-17"),
        ("# Larchmont 4.2\nReleased 6 June 2024\n\nAdds dark mode.", "2024-06-06"),
        ("# Site visit\nThe roof leaks. Visited on 8 August 2023 by Tom Varga.", "2023-08-08"),
        ("# Results\nGina Park, born 4 August 1970\nSample taken: 9 January 2024", "2024-01-09"),
        (
            "# Crane inspection\nNext inspection due: 3 March 2025\nInspection date: 3 March 2023",
            "2023-03-03",
        ),
        ("# Handbook\nIssued: 3 May 2019\nLast updated: 20 November 2023", "2023-11-20"),
        ("# Remote work policy\nEffective from 1 July 2024. Replaces that of 1 July 2021.", "2024-07-01"),
        ("# Resolution no. 7\nArdent Ltd, passed on 12 June 2023", "2023-06-12"),
        ("# Trip report: Laugavegur, July 2023\nWe were three.", "2023-07"),
        ("# Hygieneplan Küche\nStand: 09/2023\n\nHände waschen.", "2023-09"),
        ("# Prüfbericht Aufzug 3\nNächste Prüfung: 18.01.2026\nPrüfdatum: 18.01.2024", "2024-01-18"),
        ("# Wasserprobe\nProbenahme am 12.04.2024", "2024-04-12"),
        ("# Rapport d'essai n° 88\nDate de l'essai : 14 juin 2023", "2023-06-14"),
        ("# Informe\nFecha de inspección: 8 de mayo de 2024", "2024-05-08"),
        ("# Отчёт об испытаниях\nДата испытания: 11 апреля 2023 г.", "2023-04-11"),
        ("# 设备检查报告\n检查日期：2024年3月5日", "2024-03-05"),
        ("# Membership card\nNorma Field, date of birth: 4 May 1966", ""),
        ("# Parking permit\nExpiry date: 30 June 2025", ""),
        ("# Homework\nDue date: 14 March 2024", ""),
        ("# Steckbrief\nGeburtsdatum: 2. Januar 1975", ""),
        ("# Ficha\nFecha de nacimiento: 2 de enero de 1975", ""),
        ("# Паспорт\nДата рождения: 5 мая 2019 г.", ""),
        ("# 会员卡\n出生日期：1990年3月5日", ""),
        ("# The fire of Ambley\nThe mill was inspected on 3 May 1893 and burnt down.", ""),
    ],
)
def test_a_document_is_dated_by_its_own_labels(text: str, day: str) -> None:
    assert read_fields("scan.pdf", "", text).date == day


def test_the_day_on_which_a_report_was_written_is_no_year_that_it_is_about() -> None:
    fields = read_fields("heron.md", "", "# Heron – weekly status report\nReporting date: 5 April 2024\n")
    assert (fields.kind, fields.period, fields.date) == ("report", "", "2024-04-05")


@pytest.mark.parametrize(
    ("path", "text", "company"),
    [
        ("test_report_SN-20481.md", "# Test report\nSerial number: SN-20481", ""),
        ("Statusbericht_KW24.md", "# Statusbericht Lindenhof, KW 24\nDer Bau steht.", ""),
        ("policy_HH-553201.md", "# Household policy no. HH-553201\nThe excess is £150.", ""),
        ("cv_osei.md", "# Osei – curriculum vitae\n2019 – today: Project lead at Delta Works BV", ""),
        (
            "statement_2024-01.md",
            "# Account statement January 2024\n| Date | Text | Amount |\n|---|---|---|\n| 11 Jan 2024 | Salary Ardent Ltd | 2480.00 |",
            "",
        ),
        (
            "invoice.md",
            "# Invoice 0418\n| Tessler Optics Ltd | 4 Dock Road |\n|---|---|\n| Lens by Zeiss AG | 90.00 |",
            "Tessler Optics Ltd",
        ),
        ("annual_report_2023_Hollis.md", "# Annual report 2023\nRevenue was 12 million.", "Hollis"),
    ],
)
def test_a_number_a_payment_or_an_employer_is_not_whose_document_it_is(
    path: str, text: str, company: str
) -> None:
    assert read_fields(path, "", text).company == company


def test_a_program_is_no_document_of_the_kind_that_it_is_named_after() -> None:
    assert not read_fields("retry_policy.py", "retry_policy.py", "MAX_ATTEMPTS = 7\nRetry Ltd.")


@pytest.mark.parametrize(
    ("name", "text", "period"),
    [
        (  # a year alone in the name of a file names no fiscal year, and what a report compares with is another
            "half_year_2023.md",
            "# Meridian Foods plc – Half-year report\nSix months ended 30 September 2023\n\nRevenue was £241.7 million (H1 FY2023: £222.4 million).",
            "2024-H1",
        ),
        (
            "interim.md",
            "# Tolley plc – Half-year report H1 FY2024\nSix months ended 31 October 2024",
            "2024-H1",
        ),
        (
            "hj.md",
            "# Baumann AG – Halbjahresbericht 1. Halbjahr GJ 2023/24\nSechs Monate bis zum 31. März 2024",
            "2023/2024-H1",
        ),
        (
            "named_by_its_beginning.md",
            "# Orrin plc – Half-year report\nSix months ended 30 September 2023\n\nH1 FY2023 was better than H1 FY2022.",
            "2023-H1",
        ),
        ("calendar.md", "# Delmar SA – Half-year report\nSix months ended 30 June 2024", "2024-H1"),
    ],
)
def test_a_half_belongs_to_the_fiscal_year_of_the_report(name: str, text: str, period: str) -> None:
    assert read_fields(name, "", text).period == period
