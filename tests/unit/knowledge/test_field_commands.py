"""The command line shows the fields of every source, and keeps to documents by them."""

from __future__ import annotations

import argparse
import json
from types import SimpleNamespace

import pytest

from chatbot_app.cli import documents, search
from chatbot_app.cli.document_arguments import add_document_commands
from chatbot_app.cli.document_choice import document_filter
from chatbot_app.cli.file_states import FileStates
from chatbot_app.cli.json_forms import citation_as_json
from chatbot_app.cli.shown_answers import print_sources
from chatbot_app.core.citations import Citation
from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.document_filter import DocumentFilter
from chatbot_app.core.errors import UsageError
from chatbot_app.knowledge.search.retriever import Retriever
from tests.unit.knowledge.test_field_search import ENDS, REPORT, keep


@pytest.fixture
def reports(library, embedder):
    for quarter, end in ENDS.items():
        keep(library, embedder, f"Pear {quarter}", REPORT.format(end=end, company="Pear Inc.", sales=7))
    return SimpleNamespace(
        documents=library.documents, retriever=Retriever(library.passages, embedder, library.fields)
    )


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_document_commands(parser.add_subparsers(dest="command"), argparse.ArgumentParser(add_help=False))
    return parser.parse_args(words)


def test_every_result_of_a_search_has_the_fields_of_its_document(reports, capsys) -> None:
    search.search(options("search", "Pear's net sales in Q2 2023", "--json"), reports)
    first = json.loads(capsys.readouterr().out)["results"][0]
    assert first["fields"] == {
        "company": "Pear Inc.",
        "kind": "10-Q",
        "period": "Q2 2023",
        "date": "2023-06-30",
        "corrected": [],
    }
    assert first["match"] == "fits"


def test_search_and_documents_keep_to_fields(reports, capsys) -> None:
    chosen = ["--company", "pear", "--kind", "quarterly report", "--period", "Q3 2023", "--json"]
    search.search(options("search", "net sales", *chosen), reports)
    results = json.loads(capsys.readouterr().out)["results"]
    assert {result["document"] for result in results} == {"Pear Q3"}
    documents.list_documents(options("documents", *chosen), reports)
    (document,) = json.loads(capsys.readouterr().out)
    assert (document["document"], document["fields"]["period"]) == ("Pear Q3", "Q3 2023")
    documents.list_documents(options("documents"), reports)
    assert "Pear Inc., 10-Q, Q1 2023, ended 2023-03-31" in capsys.readouterr().out


def test_one_of_several_values_has_to_fit(reports, capsys) -> None:
    chosen = ["--period", "Q3 2023", "--period", "Q1 2023", "--company", "Pear", "--json"]
    documents.list_documents(options("documents", *chosen), reports)
    assert {item["document"] for item in json.loads(capsys.readouterr().out)} == {"Pear Q1", "Pear Q3"}
    kept = document_filter(options("quote", "net sales", *chosen))
    assert kept == DocumentFilter(("Pear",), (), ("Q3 2023", "Q1 2023"))


def test_a_period_that_is_none_gets_a_sentence(reports) -> None:
    with pytest.raises(UsageError, match="is no period"):
        search.search(options("search", "net sales", "--period", "soon"), reports)


def test_a_citation_keeps_its_fields(capsys, reports) -> None:
    fields = DocumentFields("Pear Inc.", "10-Q", "2023-Q3", "2023-07-01")
    citation = Citation(1, "d", "r", "/r", 2, "", 0, 4, 0.5, "text", True, 0, 1, 0, 1, fields=fields)
    stored = Citation.from_dict(json.loads(json.dumps(citation.to_dict())))
    assert stored == citation
    assert citation_as_json(stored, FileStates(reports.documents))["fields"]["period"] == "Q3 2023"
    old = {name: value for name, value in citation.to_dict().items() if name != "fields"}
    assert not Citation.from_dict(old).fields
    print_sources([stored])
    assert "(Pear Inc., 10-Q, Q3 2023, ended 2023-07-01)" in capsys.readouterr().out


def test_a_result_says_where_its_file_is_no_longer_what_was_read(library, embedder, tmp_path, capsys) -> None:
    path = tmp_path / "mill.txt"
    path.write_text("The mill of Ulm grinds forty tonnes a day.", "utf-8")
    library.add(path, embedder)
    shelf = SimpleNamespace(
        documents=library.documents, retriever=Retriever(library.passages, embedder, library.fields)
    )

    def found() -> dict[str, object]:
        search.search(options("search", "mill of Ulm", "--json"), shelf)
        (result,) = json.loads(capsys.readouterr().out)["results"]
        return result

    same = found()
    assert "file" not in same
    assert path.read_text("utf-8")[same["start"] : same["end"]] == same["text"]  # type: ignore[misc]
    path.write_text("Another mill: of Bonn it grinds fifty tonnes.", "utf-8")
    assert found()["file"] == "changed"
    path.unlink()
    assert found()["file"] == "gone"
    with library.database.write() as connection:  # a name that no system can look for
        connection.execute("UPDATE documents SET path = ?", ["/" + "x" * 5_000])
    assert found()["file"] == "gone"
