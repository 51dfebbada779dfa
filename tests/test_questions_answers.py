"""The named questions: what the record answers, and that a second engine answers alike.

``tests/expected/NN-slug.tsv`` holds the rows that the record gives, read by hand (long lists in part). Two engines
are compared on a small record, since rdflib needs minutes for some questions on the whole one: the two articles that
were read whole and the invented documents of ``tests/expected/small``, beside which some hand-made answers lie.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import questions
from kg.namespaces import EVIDENCE_INDEX, PREFIXES, short
from kg.questions import Question
from kg.record import Record
from kg.store import Store
from tests.world import read_whole
from tools import questions_doc

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tests" / "expected"
SMALL = EXPECTED / "small"

#: rdflib warns of its own old names a hundred thousand times.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ALL = questions.all_questions()
#: Settings under which a question has an answer in the small record, where its defaults do not give one.
SMALL_SETTINGS = {
    "09": {"publisher": "org:cna"},
    "18": {
        "year": "2024",
        "indicator": "indicator:goods-exports",
        "reporter": "co:kor",
        "counterpart": "co:sgp",
    },
    "19": {"year": "2024"},
    "25": {"agreement": "agr:example-treaty-2020", "day": "2021-06-30"},
    "28": {"year": "2025"},
    "29": {"event": "event:2025-11-02-strategic-partnership-upgrade"},
    "39": {"agreement": "agr:example-treaty-2020"},
}

_XSD = PREFIXES["xsd"]
_NUMBERS = {_XSD + "integer", _XSD + "decimal"}


class Cell(NamedTuple):
    """A term of an answer, comparable between engines.

    :ivar kind: ``iri``, or the literal's language or datatype; ``""`` for no value
    :ivar text: as a person reads it
    """

    kind: str
    text: str


class Answer(NamedTuple):
    header: list[str]
    rows: list[tuple[Cell, ...]]

    def tsv(self) -> str:
        lines = ["\t".join(self.header), *("\t".join(cell.text for cell in row) for row in self.rows)]
        return "".join(line.rstrip() + "\n" for line in lines) if self.rows else ""


class Engines(NamedTuple):
    """One record, open in both engines."""

    record: Record
    store: Store
    dataset: rdflib.Dataset

    def oxigraph(self, text: str) -> Answer:
        return answer_of(self.store, text)

    def rdflib(self, text: str) -> Answer:
        result = self.dataset.query(_prologue(text) + text)
        names = [str(name) for name in result.vars or []]
        return Answer(names, [tuple(map(_of_rdflib, row)) for row in result])  # type: ignore[arg-type]


def answer_of(store: Store, text: str) -> Answer:
    solutions = store.query(text)
    names = solutions.variables
    return Answer(names, [tuple(_of_oxigraph(row.get(name)) for name in names) for row in solutions])


def _prologue(text: str) -> str:
    """Declarations of the prefixes in use; rdflib takes a while to read each."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items() if f"{prefix}:" in text)


def _literal(text: str, language: str | None, datatype: str) -> Cell:
    if datatype in _NUMBERS:  # engines differ in 33.3 or 33.30, and rdflib makes the product of integers a decimal
        return Cell("number", f"{Decimal(text).normalize():f}")
    return Cell(language or datatype, text)


def _of_oxigraph(term: Any) -> Cell:
    if term is None:
        return Cell("", "")
    if isinstance(term, Literal):
        return _literal(term.value, term.language, term.datatype.value)
    return Cell("iri", short(term.value))


def _of_rdflib(term: Any) -> Cell:
    if term is None:
        return Cell("", "")
    if isinstance(term, rdflib.Literal):
        plain = PREFIXES["rdf"] + "langString" if term.language else _XSD + "string"
        return _literal(str(term), term.language, str(term.datatype or plain))
    return Cell("iri", short(str(term)))


def opened(record: Record) -> Engines:
    dataset = rdflib.Dataset(default_union=False)
    dataset.default_graph.parse(record.triples, format="turtle")
    dataset.parse(record.evidence, format="trig")
    return Engines(record, Store.open(record), dataset)


@pytest.fixture(scope="module")
def now() -> Iterator[Store]:
    """The whole record."""
    with Store.open(Record(str(ROOT))) as store:
        yield store


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Two real documents and the invented ones, built like any other, in both engines."""
    engines = opened(read_whole(tmp_path_factory.mktemp("small"), *SMALL.glob("*.trig"), SMALL / "cards.ttl"))
    yield engines
    engines.store.close()


def file_of(question: Question, folder: Path = EXPECTED) -> Path:
    return folder / f"{question.number}-{question.slug}.tsv"


def named(number: int) -> Question:
    return next(question for question in ALL if int(question.number) == number)


def agree(engines: Engines, text: str) -> Answer:
    """The answer of both engines, which has to be one."""
    answer = engines.oxigraph(text)
    assert engines.rdflib(text) == answer
    return answer


def column(answer: Answer, name: str) -> list[str]:
    index = answer.header.index(name)
    return [row[index].text for row in answer.rows]


def hold(answer: Answer, path: Path) -> None:
    """Compare with the expected rows; ``KG_ACCEPT=1`` writes them instead, to be read before they are committed."""
    if os.environ.get("KG_ACCEPT"):
        path.write_text(answer.tsv(), encoding="utf-8")
    assert answer.tsv() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("question", ALL, ids=lambda q: f"{q.number}-{q.slug}")
def test_answers(question: Question, now: Store) -> None:
    answer = answer_of(now, question.text)
    hold(answer, file_of(question))
    assert answer.rows, "the record answers every question"


@pytest.mark.parametrize("question", ALL, ids=lambda q: f"{q.number}-{q.slug}")
def test_two_engines_agree(question: Question, small: Engines) -> None:
    answer = agree(small, question.bound(small.store, SMALL_SETTINGS.get(question.number, {})))
    assert answer.rows, "nothing was compared"
    if file_of(question, SMALL).exists():
        hold(answer, file_of(question, SMALL))


def test_they_are_numbered_without_a_gap_and_no_expected_rows_are_left_over() -> None:
    assert [question.number for question in ALL] == [f"{number:02}" for number in range(1, len(ALL) + 1)]
    assert {path.name for path in EXPECTED.glob("*.tsv")} == {file_of(question).name for question in ALL}


@pytest.mark.parametrize("question", ALL, ids=lambda q: f"{q.number}-{q.slug}")
def test_form(question: Question) -> None:
    """Headers in order, Korean in Hangul, a stable order of rows, and prefixes left to the asker."""
    keys = [line[2:].split(":")[0].split()[0] for line in question.text.splitlines() if line.startswith("# ")]
    assert keys == sorted(keys, key=["title-en", "title-ko", "who", "param", "note"].index)
    assert re.search("[가-힣]", question.title["ko"])
    assert question.title["en"].endswith("?")
    assert question.who
    assert "\nORDER BY " in question.text
    assert "PREFIX" not in question.text
    answered = question.text.partition("WHERE")[0].rpartition("SELECT")[2]
    assert [parameter.name for parameter in question.parameters if f"?{parameter.name} " in answered] == []


@pytest.mark.parametrize(
    ("number", "settings", "name", "values"),
    [
        (3, {"agency": "National Forensic Service"}, "with", ["org:hsa"]),
        (3, {"agency": "org:dsta"}, "with", []),  # its agreement is no memorandum
        (13, {"topic": "topic:health"}, "agreement", ["agr:example-mou-2025", *["agr:mou-healthcare-2025"] * 4]),
        (13, {"since": "2025-06-01"}, "date", ["2025-11-02", "", ""]),
        (14, {"day": "2025-11-03"}, "person", []),  # attested on another day, and no term is told
        (23, {"day": "2025-10-31"}, "plan", []),
        (23, {"day": "2026-04-30"}, "state", ["open"] * 14),
        (25, {"day": "2008-12-31"}, "step", []),
        (25, {"agreement": "agr:mou-culture-sports-2025", "day": "2025-11-02"}, "step", ["krsg:InstrumentExchange"]),
        (
            32,
            {"thing": "rel:kor-sgp-diplomatic-relations"},
            "support",
            ["code:asserted", "code:coarser", "code:asserted", "code:coarser"],
        ),
        (32, {"thing": "plan:2026-akfta-upgrade-talks"}, "date", ["2026-01/2026-04"]),
    ],
)
def test_settings(number: int, settings: dict[str, str], name: str, values: list[str], small: Engines) -> None:
    assert column(agree(small, named(number).bound(small.store, settings)), name) == values


@pytest.mark.parametrize(
    ("number", "settings", "name", "values"),
    [
        (4, {"day": "2022-12-31"}, "basis", []),
        (4, {"day": "2023-06-01"}, "basis", ["term, day not exact"]),
        (4, {"day": "2026-01-17"}, "person", []),
        (4, {"day": "2026-01-20"}, "person", ["person:example-goh"]),
        (16, {"day": "2021-06-30"}, "treaty", []),
        (16, {"day": "2005-01-01"}, "treaty", ["agr:example-ended-treaty-2001"]),
        (23, {"day": "2026-10-01"}, "plan", None),
        (25, {"agreement": "agr:example-treaty-2020", "day": "2021-06-30"}, "step", ["krsg:Signing"]),
        (28, {"year": "2024"}, "mou", []),
    ],
)
def test_settings_of_a_small_record(
    number: int, settings: dict[str, str], name: str, values: list[str] | None, small: Engines
) -> None:
    found = column(agree(small, named(number).bound(small.store, settings)), name)
    if values is None:
        assert "plan:example-mou-plan" not in found  # it has been fulfilled
        assert len(found) == 14
    else:
        assert found == values


@pytest.mark.parametrize(
    ("number", "settings", "name", "values"),
    [
        # one is seen in office until the month's last day, and of the other the month of arrival is told
        (4, {"day": "2025-06-15"}, "person", ["person:hong-jin-wook", "person:eric-teo", "person:wong-kai-jiun"]),
        (4, {"day": "2012-05-01"}, "basis", ["attested", "attested"]),  # seen before and after
        (14, {"day": "2013-02-25"}, "person", ["person:park-geun-hye", "person:lee-hsien-loong"]),
        (14, {"day": "2004-08-11"}, "person", ["person:roh-moo-hyun", "person:goh-chok-tong"]),
        (25, {"day": "2015-12-31"}, "date", ["2009-12", "2009-12"]),
        (25, {"day": "2022-06-30"}, "date", ["2022-06-10"]),
    ],
)
def test_settings_of_the_whole_record(
    number: int, settings: dict[str, str], name: str, values: list[str], now: Store
) -> None:
    assert column(answer_of(now, named(number).bound(now, settings)), name) == values


def test_what_falls_is_what_no_other_document_states(small: Engines) -> None:
    """The editor's question again, by sets over the evidence file."""
    stated: dict[str, set[tuple[str, str, str]]] = {}
    home = {q.subject.value: q.object.value for q in small.store.quads(None, PREFIXES["krsg"] + "inDocument", None, "")}  # type: ignore[union-attr]
    for quad in parse(path=small.record.evidence, format=RdfFormat.TRIG):
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else EVIDENCE_INDEX
        if graph in home:  # the default graph describes accepted passages only
            fact = (quad.subject.value, quad.predicate.value, quad.object.value)
            stated.setdefault(home[graph], set()).add(fact)
    left_out = {PREFIXES["rdf"] + "type", PREFIXES["krsg"] + "gist"}
    for document, facts in stated.items():
        others = set().union(*(these for other, these in stated.items() if other != document))
        falling = sorted(tuple(map(_shown, fact)) for fact in facts - others if fact[1] not in left_out)
        answer = small.oxigraph(named(35).bound(small.store, {"document": document}))
        assert sorted(tuple(cell.text for cell in row) for row in answer.rows) == falling


def _shown(text: str) -> str:
    return short(text) if text.startswith("http") else text


def test_the_page_of_questions_is_current() -> None:
    assert (ROOT / "docs" / "questions.md").read_text(encoding="utf-8") == questions_doc.page()
