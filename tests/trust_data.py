"""Answers from documents in every state: quoted, checked, refused, a small model's own words, a circle."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.citations import Citation
from chatbot_app.core.trust import AnswerMode, Check, Quote, SourceSpan, Trust, Verdict

REPORT = "Apple Inc. Condensed Consolidated Statements of Operations, third fiscal quarter of 2022"

TEXTS = (
    (
        REPORT,
        "/library/apple-q3-2022.pdf",
        2,
        "Net sales",
        "Total net sales were $82,959 million in the third quarter of 2022, compared to $81,434 million in the "
        "third quarter of 2021.",
    ),
    (
        "Guide to Chatbot",
        "/library/Guide to Chatbot.md",
        None,
        "Guide to Chatbot › Where an answer comes from",
        "A **number in brackets** after a sentence names the passage that supports it.",
    ),
    (
        "تقرير سنوي",
        "/library/report.docx",
        None,
        "المقدمة",
        "بلغ إجمالي صافي المبيعات 82.9 مليار دولار في الربع الثالث من عام 2022.",
    ),
    (
        "年度报告（2022年第三季度）与合并财务报表附注",
        "/library/annual.pdf",
        14,
        "",
        "2022年第三季度的净销售额为829.59亿美元，比上年同期增长了百分之二。",
    ),
)


def quote(number: int, *, start: int = 40, **values: Any) -> Quote:
    """Return one of the quotes; `number` from 0."""
    title, path, page, heading, text = TEXTS[number % len(TEXTS)]
    known: dict[str, Any] = {
        "document_id": f"d{number}",
        "document": title,
        "path": path,
        "page": page,
        "heading": heading,
        "start": start,
        "end": start + len(text),
        "score": 0.9 - number / 10,
        "text": text,
        "passage_start": start - 10,
        "passage_end": start + len(text) + 200,
    }
    return Quote(**{**known, **values})


def quotes(count: int) -> list[dict[str, Any]]:
    """Return quotes as metadata holds them."""
    return [quote(number).to_dict() for number in range(count)]


def source(number: int, passage: str, sentence: str = "", **values: Any) -> dict[str, Any]:
    """Return a source with the sentence of its passage that matched."""
    title, path, page, heading, _ = TEXTS[(number - 1) % len(TEXTS)]
    at = passage.find(sentence) if sentence else 0
    known: dict[str, Any] = {
        "number": number,
        "document_id": f"d{number}",
        "document": title,
        "path": path,
        "page": page,
        "heading": heading,
        "start": 100,
        "end": 100 + len(passage),
        "score": 0.8,
        "text": passage,
        "added": False,
        "answer_start": 0,
        "answer_end": 5,
        "marker_start": 0,
        "marker_end": 3,
        "quote_start": 100 + at,
        "quote_end": 100 + at + len(sentence),
    }
    return Citation(**{**known, **values}).to_dict()


def check(
    text: str,
    sentence: str,
    verdict: Verdict,
    reason: str = "",
    *,
    spans: tuple[SourceSpan, ...] = (),
) -> dict[str, Any]:
    """Return the verdict on a sentence of a text."""
    start = text.index(sentence)
    sources = tuple(span.number for span in spans)
    return Check(start, start + len(sentence), verdict, sources, reason, spans).to_dict()


def trust(mode: AnswerMode = AnswerMode.BOTH, **values: Any) -> dict[str, Any]:
    """Return how a question was answered, as metadata holds it."""
    known: dict[str, Any] = {
        "confidence": 0.9,
        "searched": "total net sales third quarter 2022",
        "documents": 3,
    }
    return Trust(mode, **{**known, **values}).to_dict()


SALES = (
    "Apple's **total net sales** were $82,959 million in the third quarter of 2022 [1]. In the same quarter of "
    "the year before they were $81,797 million [1]. Sales of Mac computers fell because of a shortage of "
    "chips.\n\n- Services grew by 12 percent [2].\n- The *iPhone* remained the largest product.\n"
)
SALES_PASSAGE = (
    "## Net sales\n\nTotal net sales were $82,959 million in the third quarter of 2022. In the third quarter of "
    "2021 they were $81,434 million. Services grew by 12 percent."
)


def checked_answer() -> tuple[str, dict[str, Any]]:
    """Return an answer with sentences of every verdict, and its metadata."""
    spans = (SourceSpan(1, 14, 82),)
    checks = [
        check(SALES, SALES[: SALES.index("[1]") + 4], Verdict.SUPPORTED, spans=spans),
        check(
            SALES,
            "In the same quarter of the year before they were $81,797 million [1].",
            Verdict.CONTRADICTED,
            "The source says “81,434”",
            spans=spans,
        ),
        check(
            SALES,
            "Sales of Mac computers fell because of a shortage of chips.",
            Verdict.UNSUPPORTED,
            "Not found in your sources",
        ),
        check(
            SALES, "Services grew by 12 percent [2].", Verdict.SUPPORTED, "[2] does not say this", spans=spans
        ),
        check(SALES, "The *iPhone* remained the largest product.", Verdict.SUPPORTED, spans=spans),
    ]
    sentence = "Total net sales were $82,959 million in the third quarter of 2022."
    sources = [
        source(1, SALES_PASSAGE, sentence, answer_end=84),
        source(2, "# Guide to Chatbot\n\nA **number** in brackets."),
    ]
    metadata = {
        "sources": sources,
        "retrieval": {"searched": "net sales", "found": 5, "shown": 2, "notes": []},
        "quotes": quotes(3),
        "checks": checks,
        "trust": trust(),
    }
    return SALES, metadata
