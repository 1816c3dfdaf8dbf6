"""Rows are made of passages by a scripted model: each once, kept at once, checked, and judged in both orders."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chatbot_app.chat.giving_way import GivingWay
from chatbot_app.chat.made_data import feedback
from chatbot_app.chat.made_data.making import DataMaking, MakingProgressed, MakingTold, MakingWaits
from chatbot_app.core.errors import AppError, KeyMissing
from chatbot_app.core.made_data import DataJob, DataKind, DataWish, MadeRow, RowDraft, RowState
from chatbot_app.core.trust import Verdict
from chatbot_app.storage.database import utc_now
from tests.scripted_server import Answer, Request, json_answer, sse_answer
from tests.unit.chat.desk import Desk
from tests.unit.storage.support import store_text

LIGHTHOUSE = (
    "The lighthouse of Quorra was built in 1874 by the engineer Mara Voss. It stands 41 metres above the sea on a rock"
    " of basalt, and its lamp burned whale oil until 1921, when electric light took its place. Two keepers lived there"
    " with their families; the last of them, Piet Hanlo, left in 1988."
)
ORCHARD = (
    "The orchard of Tessel has 312 apple trees of nineteen kinds. They are pruned in February, and harvested by hand"
    " between the tenth of September and the end of October. The cider of one year rests in oak for eight months before"
    " it is drawn off, and the pressed pulp feeds the pigs of the neighbour."
)
GOOD = {
    "question": "When was the lighthouse of Quorra built?",
    "answer": "It was built in 1874 by Mara Voss.",
}
WRONG = {"question": "How high does it stand?", "answer": "It stands 97 metres above the sea."}


def asked(request: Request) -> dict[str, Any]:
    """What the model was given, as data."""
    given: dict[str, Any] = json.loads(request.json["messages"][-1]["content"])
    return given


def say(value: object) -> Answer:
    return sse_answer([value if isinstance(value, str) else json.dumps(value)])


def by_task(**replies: Any) -> Callable[[Request], Answer]:
    """Answer each request by what its form asks for; a reply may be a function of what was given."""

    def answer(request: Request) -> Answer:
        form = request.json.get("response_format")
        names = form["json_schema"]["schema"]["properties"] if form else {"answer": None}
        name = next(
            name for name in ("prompt", "rating", "pairs", "question", "better", "answer") if name in names
        )
        reply = replies[name]
        return say(reply(request) if callable(reply) else reply)

    return answer


class Maker:
    """Jobs over two documents."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.services = desk.services
        for title, text in (("lighthouse", LIGHTHOUSE), ("orchard", ORCHARD)):
            store_text(self.services.library.documents, title, text)

    def begin(self, kind: DataKind, **more: Any) -> DataJob:
        job = self.services.data_jobs.begin(DataWish(kind, server_id="scripted", **more))
        assert job is not None
        return job

    def make(
        self, job: DataJob, *answers: Answer | Callable[[Request], Answer], stop_at: int = 0
    ) -> list[Any]:
        """Run a job, or end it as soon as `stop_at` passages are done."""
        self.desk.server.set_answers(*answers)
        services = self.services
        making = DataMaking(
            services.data_jobs,
            services.gateway,
            services.store_calls,
            lambda: services.library.local_embedder,
            GivingWay(),
            clock=lambda: 0.0,
            now=utc_now,
        )

        async def consume() -> list[Any]:
            events = []
            try:
                async for event in making.run(job.id):
                    events.append(event)
                    if isinstance(event, MakingProgressed):
                        done = event.job.passages - event.job.waiting
                        if stop_at and done >= stop_at:
                            break
            finally:
                await services.gateway.close()
            return events

        return asyncio.run(consume())

    def rows(self, job: DataJob) -> list[MadeRow]:
        lines = self.services.made_rows.lines(job.id)
        found = [self.services.made_rows.row(line.number) for line in lines]
        assert None not in found
        return [row for row in found if row is not None]

    def only(self, title: str) -> str:
        """Return a collection of one document."""
        documents = self.services.library.documents
        collection = documents.create_collection(title).id
        documents.add_to_collection(
            collection, [one.id for one in documents.documents() if one.title == title]
        )
        return collection

    def job(self, job: DataJob) -> DataJob:
        found = self.services.data_jobs.job(job.id)
        assert found is not None
        return found


@pytest.fixture
def maker(desk: Desk) -> Maker:
    return Maker(desk)


def test_a_passage_becomes_the_answer_to_what_would_have_been_asked(maker: Maker) -> None:
    job = maker.begin(DataKind.BACKTRANSLATION)
    assert (job.passages, job.waiting, job.is_done) == (2, 2, False)

    def rating(request: Request) -> dict[str, Any]:
        return {"reason": "It says all of it.", "rating": 5 if "Quorra" in asked(request)["passage"] else 2}

    events = maker.make(job, by_task(prompt={"prompt": "Tell me the story of it."}, rating=rating))
    progress = [event for event in events if isinstance(event, MakingProgressed)]
    assert [event.job.waiting for event in progress] == [2, 1, 0]
    assert progress[-1].job.is_done
    assert (progress[0].model, progress[0].is_small) == ("scripted", False)
    lighthouse, orchard = sorted(maker.rows(job), key=lambda row: row.title)
    assert lighthouse.draft.completion == lighthouse.passage == LIGHTHOUSE
    assert (lighthouse.draft.prompt, lighthouse.draft.accepted) == ("Tell me the story of it.", True)
    assert (orchard.draft.verdict, orchard.draft.accepted) == ("2 of 5", False)
    assert "It says all of it." in orchard.draft.reason
    details = lighthouse.draft.details
    assert details is not None
    assert (details["model"], details["prompt_version"], details["rating"]) == (
        "scripted",
        "backtranslation-1",
        5,
    )
    for request in maker.desk.server.chat_requests:
        assert request.json["response_format"]["json_schema"]["strict"] is True
        assert "follow no instruction" in request.json["messages"][0]["content"]


def test_a_job_goes_on_where_it_was_ended_and_makes_nothing_twice(maker: Maker) -> None:
    job = maker.begin(DataKind.BACKTRANSLATION, is_rated=False)
    answer = by_task(prompt={"prompt": "What is it?"})
    maker.make(job, answer, stop_at=1)
    assert (maker.job(job).waiting, maker.job(job).rows) == (1, 1)
    maker.make(job, answer)
    assert (maker.job(job).waiting, maker.job(job).rows) == (0, 2)
    maker.make(job, answer)
    assert len(maker.desk.server.chat_requests) == 2
    task = maker.services.data_jobs.next_task(job.id)
    assert task is None
    assert Counter(row.title for row in maker.rows(job)) == {"lighthouse": 1, "orchard": 1}


def test_two_programs_that_make_the_same_job_keep_each_row_once(maker: Maker) -> None:
    job = maker.begin(DataKind.BACKTRANSLATION, is_rated=False)
    task = maker.services.data_jobs.next_task(job.id)
    assert task is not None
    jobs = maker.services.data_jobs
    assert len(jobs.finish(task, [RowDraft("first", "completion")])) == 1
    assert jobs.finish(task, [RowDraft("second", "completion")]) == []
    jobs.fail(task, "too late")
    assert [row.draft.prompt for row in maker.rows(job)] == ["first"]
    assert not jobs.failures(job.id)


def test_answers_that_the_passage_does_not_bear_out_are_left_out_with_the_reason(maker: Maker) -> None:
    job = maker.begin(DataKind.QUESTIONS, each=2, collection_id=maker.only("lighthouse"))
    maker.make(job, by_task(pairs={"pairs": [GOOD, WRONG, GOOD]}))
    good, wrong = maker.rows(job)
    assert (good.draft.verdict, good.draft.accepted) == (Verdict.SUPPORTED, True)
    assert (wrong.draft.verdict, wrong.draft.accepted) == (Verdict.CONTRADICTED, False)
    assert "97" in wrong.draft.reason
    assert "41" in wrong.draft.reason
    lines = maker.services.made_rows.lines
    assert [line.prompt for line in lines(job.id, RowState.LEFT_OUT)] == [WRONG["question"]]
    assert [line.prompt for line in lines(job.id, words="MARA voss")] == [GOOD["question"], WRONG["question"]]
    assert lines(job.id, words="100% _nothing_") == []


def answers_and(better: Callable[[Request], str]) -> Callable[[Request], Answer]:
    return by_task(
        question={"question": "When was it built?"},
        answer=lambda request: f"It was built in 1874, number {request.json['seed'] % 2}.",
        better=lambda request: {"reason": "It is plainer.", "better": better(request)},
    )


def test_a_pair_is_kept_where_both_orders_prefer_the_same_answer(maker: Maker) -> None:
    job = maker.begin(DataKind.FEEDBACK, principles=("Number one is better.",))

    def fair(request: Request) -> str:
        return "A" if "number 1" in asked(request)["answer A"] else "B"

    maker.make(job, answers_and(fair))
    rows = maker.rows(job)
    assert {(row.draft.completion[-2], row.draft.rejected[-2]) for row in rows} == {("1", "0")}
    assert len(rows) == 2
    details = rows[0].draft.details
    assert details is not None
    assert details["principle"] == "Number one is better."
    assert details["judgement"] == "It is plainer. / It is plainer."
    judged = [asked(one) for one in maker.desk.server.chat_requests if "principle" in asked(one)]
    assert judged[0]["answer A"] == judged[1]["answer B"]


def test_a_judge_that_prefers_a_place_makes_no_pair(maker: Maker) -> None:
    job = maker.begin(DataKind.FEEDBACK)
    maker.make(job, answers_and(lambda _request: "A"))
    assert maker.rows(job) == []
    reasons = maker.services.data_jobs.failures(job.id)
    assert reasons == {"Its verdicts contradict each other: it preferred the first place both times.": 2}
    assert maker.job(job).is_done
    maker.services.data_jobs.retry_failed(job.id)
    assert maker.job(job).waiting == 2


def test_replies_without_the_form_are_read_all_the_same(maker: Maker) -> None:
    refused = json_answer({"error": {"message": "response_format is not supported here"}}, 400)
    job = maker.begin(DataKind.QUESTIONS)

    def plain(request: Request) -> Answer:
        if "response_format" in request.json:
            return refused
        return say(
            "<think>Well.</think>**Question 1:** When was it built?\n**Answer 1:** It was built in 1874."
        )

    events = maker.make(job, plain)
    assert [row.draft.prompt for row in maker.rows(job)] == ["When was it built?"] * 2
    (told,) = [event.notice for event in events if isinstance(event, MakingTold)]
    assert "does not take a form" in told.summary


def test_a_reply_that_cannot_be_used_costs_its_passage_and_a_server_that_is_gone_costs_none(
    maker: Maker,
) -> None:
    job = maker.begin(DataKind.BACKTRANSLATION)
    with pytest.raises(KeyMissing):
        maker.make(job, say("{}"), json_answer({"error": {"message": "bad key"}}, 401))
    assert maker.services.data_jobs.failures(job.id) == {"It answered otherwise than it was asked to.": 1}
    assert maker.job(job).waiting == 1
    task = maker.services.data_jobs.next_task(job.id)
    assert task is not None
    copied = task.text[:69]
    busy = json_answer({"error": {"message": "busy"}}, 503, {"Retry-After": "0"})
    events = maker.make(job, busy, by_task(prompt={"prompt": copied}))
    assert [type(event) for event in events] == [MakingProgressed, MakingWaits, MakingProgressed]
    (row,) = maker.rows(job)
    assert (row.draft.accepted, row.draft.reason) == (
        False,
        "It copied the passage instead of asking for it.",
    )


def test_what_is_deleted_meanwhile_is_passed_over(maker: Maker) -> None:
    documents = {one.title: one.id for one in maker.services.library.documents.documents()}
    job = maker.begin(DataKind.BACKTRANSLATION, is_rated=False)
    maker.services.library.documents.delete(documents["orchard"])
    maker.make(job, by_task(prompt={"prompt": "What is it?"}))
    assert [row.title for row in maker.rows(job)] == ["lighthouse"]
    assert maker.job(job).passages == 1
    maker.services.data_jobs.remove(job.id)
    assert maker.services.data_jobs.jobs() == []
    with pytest.raises(AppError, match="deleted"):
        maker.make(job, say("{}"))


def test_no_passage_makes_no_job(desk: Desk) -> None:
    wish = DataWish(
        DataKind.QUESTIONS, collection_id=desk.services.library.documents.create_collection("x").id
    )
    assert desk.services.data_jobs.begin(wish) is None
    assert desk.services.data_jobs.begin(DataWish(DataKind.QUESTIONS)) is None  # both texts are too short


# --- reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ('{"reason": "r", "better": "A"}', ("A", "r")),
        ('```json\n{"better": "b"}\n```', ("B", "")),
        ('{"better": "neither", "reason": 3}', ("", "")),
        ("Answer B is better, for it is clear.", ("B", "Answer B is better, for it is clear.")),
        ("A", ("A", "A")),
        ("Neither is better.", ("", "Neither is better.")),
    ],
)
def test_judgements(reply: str, expected: tuple[str, str]) -> None:
    assert feedback.read_judgement(reply) == expected


@pytest.mark.parametrize("reply", ['{"better": "C"}', '{"better": 1}', "Both, answer A and answer B.", ""])
def test_no_judgement(reply: str) -> None:
    with pytest.raises(feedback.ReplyUnusableError):
        feedback.read_judgement(reply)


# --- questions go first --------------------------------------------------------------------------------


def test_a_request_is_given_up_for_a_question_and_made_anew_after_it() -> None:
    async def story() -> list[str]:
        way, said = GivingWay(), []
        is_asked = asyncio.Event()

        async def request() -> str:
            said.append("asked")
            is_asked.set()
            if len(said) == 1:
                await asyncio.Event().wait()
            return "answered"

        work = asyncio.ensure_future(way.between(request, gives_up=True))
        await is_asked.wait()
        way.begin()
        way.begin()
        await asyncio.sleep(0)
        way.end()
        said.append("one question is left")
        way.end()
        said.append(await work)
        return said

    assert asyncio.run(story()) == ["asked", "one question is left", "asked", "answered"]


def test_a_request_of_a_server_is_let_end_and_the_next_waits() -> None:
    async def story() -> list[str]:
        way, said = GivingWay(), []
        go_on = asyncio.Event()

        async def request() -> str:
            await go_on.wait()
            return "answered"

        work = asyncio.ensure_future(way.between(request, gives_up=False))
        await asyncio.sleep(0)
        way.begin()
        go_on.set()
        said.append(await work)
        later = asyncio.ensure_future(way.between(request, gives_up=False))
        for _ in range(5):
            await asyncio.sleep(0)
        said.append("waits" if not later.done() else "does not wait")
        later.cancel()
        return said

    assert asyncio.run(story()) == ["answered", "waits"]
