"""What is read from names and title pages: companies, kinds, periods and dates in many notations."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import DocumentFields, Period
from chatbot_app.knowledge.fields.companies import CompanyIndex, company_key
from chatbot_app.knowledge.fields.reading import read_fields

REGISTRANT = "(Exact name of registrant as specified in its charter)"


def said(path: str, text: str) -> tuple[str, str, str, str]:
    fields = read_fields(path, "", text)
    return fields.company, fields.kind, fields.period_shown, fields.date


@pytest.mark.parametrize(
    ("path", "text", "fields"),
    [
        (
            "scan.pdf",  # the fiscal quarter by the stretch that the tables count, and the report's own words
            f"FORM 10-Q\nFor the quarterly period ended October 29, 2023\nNVIDIA CORPORATION\n{REGISTRANT}\n"
            "Three Months Ended October 29, 2023\nNine Months Ended\nOctober 29, 2023\nNine Months Ended October 29, 2023\n"
            "third quarter of fiscal year 2024 and third quarter of fiscal year 2023",
            ("NVIDIA CORPORATION", "10-Q", "Q3 2024", "2023-10-29"),
        ),
        (
            "scan.pdf",
            f"FORM 10-Q\nFor the quarterly period ended December 31, 2022\nORCHARD, INC.\n{REGISTRANT}\n"
            "Three Months Ended December 31, 2022\nThree Months Ended December 31, 2022\n"
            "the first quarter of 2023, the first quarter of 2022",
            ("ORCHARD, INC.", "10-Q", "Q1 2023", "2022-12-31"),
        ),
        (
            "2021 Q1 MSFT.pdf",  # a wrong period in the name: the title page wins
            f"FORM 10-K\nFor the fiscal year ended June 30, 2022\nMICROSOFT CORPORATION\n{REGISTRANT}",
            ("MICROSOFT CORPORATION", "10-K", "2022", "2022-06-30"),
        ),
        (
            "2023_Q3_ACME.pdf",  # the name says which fiscal quarter the period's end is
            f"FORM 10-Q\nFor the quarterly period ended July 1, 2023\nAcme Inc.\n{REGISTRANT}",
            ("Acme Inc.", "10-Q", "Q3 2023", "2023-07-01"),
        ),
        (
            "ar.pdf",  # how a report calls itself further down is no name
            "Annual Report 2022\nFabrikon Logistics plc\nYear ended 31 March 2022\nThe Group employed 9,410 people. The Company grew.",
            ("Fabrikon Logistics plc", "annual report", "2022", "2022-03-31"),
        ),
        (
            "interim.pdf",
            "Interim report January–June 2024\nSkogsbolaget AB (publ)\nNet sales amounted to SEK 1,204 million",
            ("Skogsbolaget AB", "quarterly report", "Q2 2024", "2024-06-30"),
        ),
        (
            "interim2.pdf",
            "Interim report\nJanuary 1 – September 30, 2024\nSkogsbolaget AB (publ)",
            ("Skogsbolaget AB", "quarterly report", "Q3 2024", "2024-09-30"),
        ),
        (
            "hj2.pdf",
            "Halbjahresfinanzbericht 1. Januar bis 30. Juni 2024\nWeber Maschinenbau SE",
            ("Weber Maschinenbau SE", "half-year report", "H1 2024", "2024-06-30"),
        ),
        (
            "boe.pdf",
            "The Annual Report of the Bank of England 2023",
            ("Bank of England", "annual report", "2023", ""),
        ),
        (
            "hj.pdf",
            "Konzern-Halbjahresfinanzbericht\nzum 30. Juni 2023\nRheinwerk Energie AG, Köln",
            ("Rheinwerk Energie AG", "half-year report", "H1 2023", "2023-06-30"),
        ),
        (
            "fs.pdf",
            "Consolidated Financial Statements\nDecember 31, 2023 and 2022\nMidland Credit Union\nDeloitte LLP",
            ("Midland Credit Union", "financial statements", "2023", "2023-12-31"),
        ),
        (
            "ca.pdf",
            "Comptes annuels au 31 décembre 2022\nAssociation des Amis du Parc",
            ("Association des Amis du Parc", "financial statements", "2022", "2022-12-31"),
        ),
        (
            "ia.pdf",
            "Informe anual 2021\nGrupo Aceros del Sur, S.A.",
            ("Grupo Aceros del Sur, S.A.", "annual report", "2021", ""),
        ),
        (
            "ar2.pdf",  # a day of a report's title page that ends no month is the day it came out
            "Annual report 2023\n12 March 2024\nVan der Meer Holding N.V.",
            ("Van der Meer Holding N.V.", "annual report", "2023", ""),
        ),
        (
            "call.txt",
            "Q3 FY24 Earnings Call Transcript\nBramble Foods plc\nOperator: Good morning",
            ("Bramble Foods plc", "earnings call", "Q3 2024", ""),
        ),
        (
            "r.pdf",  # who writes a bill stands first
            "Gärtnerei Sommer GmbH\nRechnung Nr. 2024-117\nRechnungsdatum: 14.05.2024\nAn: Hotel Linde KG",
            ("Gärtnerei Sommer GmbH", "invoice", "", "2024-05-14"),
        ),
        (
            "m.docx",
            "Minutes of the board meeting of the Larkfield Housing Association\nHeld on 9 April 2024",
            ("Larkfield Housing Association", "minutes", "", "2024-04-09"),
        ),
        (
            "k.pdf",
            "Kontoauszug 3/2024\nSparkasse Oberland\n01.03.2024",
            ("Sparkasse Oberland", "bank statement", "", "2024-03-01"),
        ),
        (
            "x.pdf",
            "ACME Annual Report 2022\nBuilding a better world\nAcme Holdings plc",
            ("Acme Holdings plc", "annual report", "2022", ""),
        ),
        (
            "Siemens_Geschäftsbericht_2022.pdf",
            "Geschäftsbericht 2022\nSiemens Aktiengesellschaft\nfür das Geschäftsjahr zum 30. September 2022",
            ("Siemens Aktiengesellschaft", "annual report", "2022", "2022-09-30"),
        ),
        ("gb.pdf", "Geschäftsbericht 2021/22\nCeconomy AG", ("Ceconomy AG", "annual report", "2021/22", "")),
        (
            "HY.pdf",
            "Half-year report 2023\nUnilever PLC\nSix months ended 30 June 2023",
            ("Unilever PLC", "half-year report", "H1 2023", "2023-06-30"),
        ),
        ("rap.pdf", "Rapport annuel 2021\nL'Oréal S.A.", ("L'Oréal S.A.", "annual report", "2021", "")),
        ("a.pdf", "腾讯控股有限公司\n2022年年度报告", ("腾讯控股有限公司", "annual report", "2022", "")),
        (
            "Invoice 2023-04-17.pdf",
            "INVOICE\nInvoice No. 4711\nInvoice date: April 18, 2023\nDue date: May 18, 2023\nWidget Works Ltd.\n"
            "Bill to: Globex GmbH",
            ("Widget Works Ltd.", "invoice", "", "2023-04-18"),
        ),
        (
            "re.pdf",
            "Rechnung\nMüller & Söhne GmbH\nFällig am 17.05.2022\nRechnungsdatum: 03.05.2022",
            ("Müller & Söhne GmbH", "invoice", "", "2022-05-03"),
        ),
        (
            "lease.docx",
            "LEASE AGREEMENT\nThis Lease Agreement is made as of March 3, 2021 between Acme Corp. and Globex GmbH.\n"
            "The term ends on March 2, 2026.",
            ("Acme Corp.; Globex GmbH", "contract", "", "2021-03-03"),
        ),
        (
            "x.txt",
            "Springfield Parish Council\nMinutes of the meeting held on 12 May 2020 at 7pm",
            ("Springfield Parish Council", "minutes", "", "2020-05-12"),
        ),
        ("l.txt", "Jane Doe\n12 Main St\n\n5 June 2019\n\nDear Mr. Smith,\nThank you", ("", "letter", "", "2019-06-05")),
        ("Minutes_2021-03-04_Acme.md", "Present: all of us.", ("Acme", "minutes", "", "2021-03-04")),
        (
            "minutes.md",
            "# Minutes of the garden club, 9 September 2025\n\nPresent: Anna Lindqvist (chair).\n\n## Greenhouse\n"
            "Priya presented two offers: Glashaus GmbH (€6,900) and Verdant Ltd (€7,450).",
            ("", "minutes", "", "2025-09-09"),
        ),
        (
            "protokoll.txt",
            "Verdant GmbH\nProtokoll der Sitzung vom 3. März 2024\nDie Glashaus AG hat ein Angebot gesandt.",
            ("Verdant GmbH", "minutes", "", "2024-03-03"),
        ),
        (
            "Marlin 2020 Q3.pdf",  # a wrong quarter in the name: the title says another
            "Marlin Shipping ASA\nReport for the second quarter of 2021\nThree months ended 30 June 2021",
            ("Marlin Shipping ASA", "report", "Q2 2021", "2021-06-30"),
        ),
        (
            "scan.pdf",  # twenty-six weeks that end in autumn are the first half of a year that ends in spring
            "Dunmore Stores plc\nHalf-yearly report for the 26 weeks ended 28 September 2019\n26 weeks ended 28 September 2019",
            ("Dunmore Stores plc", "half-year report", "H1 2020", "2019-09-28"),
        ),
        (
            "scan.pdf",
            "Dunmore Stores plc\nPreliminary results for the 52 weeks ended 28 March 2020\nFY20 was good, after a bad FY19.",
            ("Dunmore Stores plc", "earnings release", "2020", "2020-03-28"),
        ),
        (
            "scan.pdf",
            "Hoshino Kogyo Co., Ltd.\nConsolidated Financial Results for the Six\nMonths Ended September 30, 2022",
            ("Hoshino Kogyo Co., Ltd.", "earnings release", "H1 2023", "2022-09-30"),
        ),
        (
            "scan.pdf",  # a title over two lines
            "Cobalt Bancorp\nCobalt Bancorp Reports Third Quarter 2021\nResults\nfor the quarter ended September 30, 2021",
            ("Cobalt Bancorp", "earnings release", "Q3 2021", "2021-09-30"),
        ),
        (
            "norrsken q4.pdf",  # the day on which results came out is none on which the quarter ended
            "Norrsken AB\nFourth quarter and full year 2022\nLuleå, 2 February 2023",
            ("Norrsken AB", "earnings release", "Q4 2022", ""),
        ),
        (
            "report.pdf",
            "Quarterly Production Report\nOrrin Metals Limited\nFor the quarter ended 30 September 2021",
            ("Orrin Metals Limited", "quarterly report", "Q3 2021", "2021-09-30"),
        ),
        ("scan.pdf", "Full Year Results 2021\nCorran Mills plc\n5 March 2022", ("Corran Mills plc", "earnings release", "2021", "")),
        (
            "scan.pdf",
            "Résultats du 3e trimestre 2021\nGroupe Ardoise S.A.\nLyon, le 19 octobre 2021",
            ("Groupe Ardoise S.A.", "earnings release", "Q3 2021", ""),
        ),
        ("scan.pdf", "Résultats semestriels 2021\nGroupe Ardoise S.A.", ("Groupe Ardoise S.A.", "half-year report", "H1 2021", "")),
        (
            "scan.pdf",
            "Interim results\nfor the six months ended 31 December 2020\nMerino Grain Limited",
            ("Merino Grain Limited", "earnings release", "H1 2021", "2020-12-31"),
        ),
        (
            "scan.pdf",  # a fiscal year that most of it lies in: what the report speaks of most
            f"FORM 10-K\nFor the fiscal year ended January 30, 2022\nBroom Stores, Inc.\n{REGISTRANT}\n"
            "fiscal 2021 was good, better in fiscal 2021 than in fiscal 2020. The outlook for fiscal 2022 is better.",
            ("Broom Stores, Inc.", "10-K", "2021", "2022-01-30"),
        ),
        ("diary.txt", "Greenhouse notes\nFor six months ended 30 June 2021 it was dry.", ("", "", "", "")),
        ("protocol2.txt", "Plates\nFinal results for the quarter plates\nplate 3 grew", ("", "", "", "")),
        ("Delivery 44-100.eml", "Subject: Delivery 44-100\n\nDear Ana,\nit left on 3 May 2021.", ("", "mail", "", "2021-05-03")),
        ("protocol.txt", "Larch and spruce\nPreliminary results\nThe larch grew. 12 May 2021", ("", "", "", "")),
        ("paper.pdf", "On Tables\nJ. Doe\nAbstract\nWe study doi tables. Introduction", ("", "paper", "", "")),
    ],
)  # fmt: skip
def test_title_pages(path: str, text: str, fields: tuple[str, str, str, str]) -> None:
    assert said(path, text) == fields


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2024年第一季度报告", "2024-Q1"),
        ("2023年前三季度报告", "2023-Q3"),
        ("2023 年 第 三 季 度 报告", "2023-Q3"),
        ("2024年半年度报告", "2024-H1"),
        ("2024年1-6月报告", "2024-H1"),
        ("2023年度报告", "2023"),
        ("年报2023", "2023"),
        ("二〇二三年年度报告", "2023"),
        ("二○二四年第一季度报告", "2024-Q1"),
        ("2024年3月期 第1四半期決算短信", "2024-Q1"),
        ("Rapport du 1er semestre 2024", "2024-H1"),
        ("Rapport semestriel 2024", "2024-H1"),
        ("Halbjahresbericht 2024", "2024-H1"),
        ("Rapport T1 2024", "2024-Q1"),
        ("Rapport S2 2023", "2023-H2"),
        ("Informe del tercer trimestre de 2023", "2023-Q3"),
        ("Informe 3T23", "2023-Q3"),
        ("отчёт за 9 месяцев 2023", "2023-Q3"),
        ("Отчёт за I полугодие 2023", "2023-H1"),
        ("Neunmonatsbericht 2023", "2023-Q3"),
        ("Bericht über die ersten sechs Monate 2023", "2023-H1"),
        ("Rapport des neuf premiers mois 2023", "2023-Q3"),
        ("Results 9M23", "2023-Q3"),
        ("H1 FY24", "2024-H1"),
        ("1Q24", "2024-Q1"),
        ("3Q 2023", "2023-Q3"),
        ("Q3'23", "2023-Q3"),
        ("Fourth quarter and full year 2022", "2022-Q4"),
        ("q4 and fy 2023", "2023-Q4"),
        ("4. Quartal und Gesamtjahr 2023", "2023-Q4"),
        ("T1 diabetes study 2023", "2023"),
        ("Repaid within 6 months in 2023", "2023"),
    ],
)
def test_titles_and_names_of_files_say_the_period(title: str, period: str) -> None:
    assert read_fields(f"{title}.pdf", "", "It grew.").period == period
    assert read_fields("scan.pdf", title, "It grew.").period == period


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "Delårsrapport\n\n1 januari – 30 juni 2023\n\nLinden AB (publ)",
            ("Linden AB", "quarterly report", "2023-Q2", "2023-06-30"),
        ),
        (
            "Kvartalsrapport tredje kvartalet 2023\n\nLinden AB",
            ("Linden AB", "quarterly report", "2023-Q3", ""),
        ),
        (
            "Kwartaalbericht derde kwartaal 2023\n\nBrouwer N.V.",
            ("Brouwer N.V.", "quarterly report", "2023-Q3", ""),
        ),
        (
            "Relazione finanziaria semestrale al 30 giugno 2023\n\nLucera S.p.A.",
            ("Lucera S.p.A.", "half-year report", "2023-H1", "2023-06-30"),
        ),
        (
            "Relatório trimestral 3T23\n\nMinho S.A.\n\nTrimestre findo em 30 de setembro de 2023",
            ("Minho S.A.", "quarterly report", "2023-Q3", "2023-09-30"),
        ),
        (
            "Raport kwartalny za III kwartał 2023 r.\n\nWisła S.A.",
            ("Wisła S.A.", "quarterly report", "2023-Q3", ""),
        ),
        (
            "Fattura n. 12\n\nData: 5 ottobre 2023\n\nAlfa S.r.l.",
            ("Alfa S.r.l.", "invoice", "", "2023-10-05"),
        ),
        (
            "Faktura VAT nr 12/2023\n\nData wystawienia: 5 października 2023\n\nAlfa Sp. z o.o.\n\nNabywca: Beta S.A.",
            ("Alfa Sp. z o.o.", "invoice", "", "2023-10-05"),
        ),
        (
            "Factuur 2023-001\n\nFactuurdatum: 5 oktober 2023\n\nAlfa B.V.",
            ("Alfa B.V.", "invoice", "", "2023-10-05"),
        ),
        ("Protokoll\n\nStyrelsemöte den 12 maj 2023", ("", "minutes", "", "2023-05-12")),
        (
            "Umowa najmu\n\nzawarta dnia 3 marca 2022 r.\n\nAlfa Sp. z o.o.",
            ("Alfa Sp. z o.o.", "contract", "", "2022-03-03"),
        ),
    ],
)
def test_title_pages_in_more_languages(text: str, fields: tuple[str, ...]) -> None:
    read = read_fields("scan.pdf", "scan", text)
    assert (read.company, read.kind, read.period, read.date) == fields


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("An: Hotel Linde KG\nUfer 3\n\nGärtnerei Sommer GmbH\nRechnung Nr. 117", "Gärtnerei Sommer GmbH"),
        ("An:\nFrau Kern\nHotel Linde KG\nGärtnerei Sommer GmbH\nRechnung Nr. 117", "Gärtnerei Sommer GmbH"),
        ("INVOICE\n**Bill to:**\n\nMarlow & Sons LLP\nKestrel Ltd\nInvoice no. 4", "Kestrel Ltd"),
        ("FACTURE\nDestinataire : Dupont SARL\nMenuiserie Leroux S.A.S.", "Menuiserie Leroux S.A.S."),
        ("Счёт-фактура № 12\nПокупатель: ООО «Ромашка»\nПродавец: АО «Лютик»", "АО «Лютик»"),
        ("发票\n购买方：北京华联商贸有限公司\n销售方：上海晨光文具有限公司", "上海晨光文具有限公司"),
        ("INVOICE\nCustomer: Marlow & Sons LLP\nInvoice no. 4471", "Marlow & Sons LLP"),  # better than none
    ],
)
def test_whom_a_letter_is_for_may_stand_above_whose_it_is(text: str, company: str) -> None:
    assert read_fields("scan.pdf", "", text).company == company


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "Victoria_(Australia).txt",
            "Victoria is a state in the south-east of Australia. In 1851 it was separated.",
        ),
        (
            "Marvel_Comics.txt",
            "Marvel Comics is a publisher. It dates from October 1939, dated as of 1 May 1940.",
        ),
        ("recipe.txt", "Cook the pasta for ten minutes. Apple Inc. was founded in 1976, the letter says."),
        ("empty.txt", ""),
        ("Inbox.mbox", "Subject: Offer\nDate: Mon, 6 Jul 2026\n\nDear Charles,\nit runs.\nWidget Works Ltd."),
        ("\udcff.txt", "no text"),
    ],
)
def test_an_ordinary_text_has_no_fields(path: str, text: str) -> None:
    assert not read_fields(path, "", text)


def test_reading_is_quick_on_what_a_stranger_wrote() -> None:
    for text in (
        "A" * 200_000,
        "Q3 " * 60_000,
        "Inc. " * 40_000,
        "A B " * 50_000,
        "of the " * 40_000,
        "1/" * 90_000,
    ):
        # The time limit of the suite is an assertion, too.
        assert not read_fields(text[:300] + ".pdf", text[:300], text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2023-Q3", "Q3 2023"), ("2022", "2022"), ("2021/2022", "2021/22"), ("2023-H1", "H1 2023")],
)
def test_periods_survive_their_text(text: str, shown: str) -> None:
    period = Period.from_text(text)
    assert period is not None
    assert (period.to_text(), period.shown) == (text, shown)


def test_fields_survive_json_and_damage() -> None:
    fields = DocumentFields("Acme", "10-Q", "2023-Q3", "2023-07-01", ("ACM",), frozenset({"kind"}))
    assert DocumentFields.from_dict(fields.to_dict()) == fields
    assert DocumentFields.from_dict({"aliases": 3, "company": None}) == DocumentFields()
    assert DocumentFields.from_dict("text") == DocumentFields()


LEASE = (
    "Lease of business premises\nThis Lease is made on 3 May 2023 between Penhallow Estates Limited (the “Landlord”) and "
    "{tenant} (the “Tenant”).\n1. Definitions"
)


@pytest.mark.parametrize(
    ("path", "text", "fields"),
    [
        (
            "Unit 7.docx",
            LEASE.format(tenant="Mottram Dental Care Limited"),
            ("Penhallow Estates Limited; Mottram Dental Care Limited", "contract", "", "2023-05-03"),
        ),
        (
            "Unit 8.docx",
            LEASE.format(tenant="Mr Jo Brandt, Bremen"),
            ("Penhallow Estates Limited; Jo Brandt", "contract", "", "2023-05-03"),
        ),
        (
            "scan.pdf",
            "Arbeitsvertrag\nzwischen der Brückner Feinwerk GmbH, Jena (Arbeitgeber), und Frau Katja Lindner (Arbeitnehmerin)\n"
            "(1) Das Arbeitsverhältnis beginnt am 1. April 2022.",
            ("Brückner Feinwerk GmbH; Katja Lindner", "contract", "", "2022-04-01"),
        ),
        (
            "scan.txt",
            "Kleingartenverein Sonnenhang e. V.\nSatzung und Gartenordnung, Fassung vom 6. Mai 2023\n\n§ 1 Name",
            ("Kleingartenverein Sonnenhang e. V", "statutes", "", "2023-05-06"),
        ),
        (
            "Preisliste Tischlerei Ahorn 2024.xlsx",
            "Preise in Euro",
            ("Tischlerei Ahorn", "price list", "", "2024"),
        ),
        (
            "FW.eml",  # its own day, not that of the mail that it passes on; nobody's who is mentioned
            "Subject: FW: Pump 3\nFrom: Rosa Kimball\nDate: Wed, 08 May 2024 16:05:00 +0100\n\nAcme Ltd was here.\n\n"
            "-----Original Message-----\nSent: 03 May 2024 11:32",
            ("", "mail", "", "2024-05-08"),
        ),
    ],
)
def test_whose_contract_statutes_and_mails_they_are(
    path: str, text: str, fields: tuple[str, str, str, str]
) -> None:
    assert said(path, text) == fields


ACCIDENT = """National Transportation Safety Board
Aviation Accident Final Report

|  |  |
|---|---|
| Location: | Muscle Shoals, AL |
| Accident Number: | NYC08CA073 |
| Date & Time: | 12/12/2007, 1929 CST |
| Aircraft: | Bombardier, Inc. BD-700 |

The operator was Versatile Aviation Inc. of Ardmore.
"""


@pytest.mark.parametrize(
    ("path", "text", "fields"),
    [
        (  # not the firm that it is about, nor the time of day, nor the number that begins as a date
            "20080123X00097.pdf",
            ACCIDENT,
            ("National Transportation Safety Board", "report", "", "2007-12-12"),
        ),
        (
            "2022-annual-performance-report.pdf",
            "OPM.GOV | MARCH 2023\nU.S. Office of Personnel Management\nAnnual Performance Report\nFiscal Year 2022\n",
            ("U.S. Office of Personnel Management", "annual report", "2022", ""),
        ),
        (
            "2019-annual-performance-report.pdf",  # small capitals
            "United StateS Office Of PerSOnnel ManageMent\nAnnual Performance Report\nFiscal Year 2019\n\n"
            "National Background Investigations Bureau\n",
            ("United States Office of Personnel Management", "annual report", "2019", ""),
        ),
        (
            "DOT2022.pdf",
            "U.S. Department of Transportation Strategic Plan FY\n2022-2026\n1.1. Holdings\n",
            ("U.S. Department of Transportation", "plan", "2022", ""),
        ),
        (
            "NCT06155955_Prot_SAP_000.pdf",
            "Version 3 Date 24 November 2023 1\nStudy Protocol\nTitle Comparison of outcomes\n"
            "It follows the International Working Group on it.\n",
            ("", "protocol", "", "2023-11-24"),
        ),
        (
            "NCT06153992_Prot_SAP_000.pdf",
            "Conventional therapy is exercise (once a day, 40 minutes a time), and occupational therapy (once a day, 20\n"
            "minutes a time, five times a week), for six weeks.\n",
            ("", "", "", ""),
        ),
    ],
)
def test_reports_of_authorities_plans_and_protocols(
    path: str, text: str, fields: tuple[str, str, str, str]
) -> None:
    assert said(path, text) == fields


def test_a_number_of_the_file_is_no_symbol_of_a_company() -> None:
    assert read_fields("20080123X00097.pdf", "", ACCIDENT).aliases == ()
    assert read_fields("DHS2020.pdf", "", "Strategic Plan\n").aliases == ("DHS",)


@pytest.mark.parametrize("question", ["How many calls did OPM handle?", "the USOPM report", "OOPM"])
def test_authorities_are_known_by_their_initials(question: str) -> None:
    index = CompanyIndex([("U.S. Office of Personnel Management", ())])
    assert index.asked(question) == {company_key("U.S. Office of Personnel Management")}
