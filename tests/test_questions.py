from __future__ import annotations

from pathlib import Path

import pytest

from kg import questions
from kg.errors import KGError, NotFound, UsageError
from kg.store import Store
from tests.conftest import TINY

ONE = """\
# title-en: What did an agency sign?
# title-ko: 어떤 기관이 무엇에 서명했는가?
# who: business chamber
# param agency: org:port-authority  the agency
# param since: 2019  first year
# param word: "port"  a word of the name
# VALUES ?agency { in a comment }
SELECT ?agreement ?agency ?since ?word {
  VALUES ?agency { org:port-authority }
  VALUES ?since { 2019 } values ?word { "port" }
  ?agreement krsg:signatory ?agency
}
"""
TWO = "# title-en: Two\n# title-ko: 둘\nASK {}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "01-signed-by-agency.rq").write_text(ONE)
    (tmp_path / "02-signed-when.rq").write_text(TWO)
    (tmp_path / "q12-trade.rq").write_text(TWO)
    (tmp_path / "loose.rq").write_text(TWO)
    (tmp_path / "notes.txt").write_text("no question")
    return tmp_path


@pytest.fixture
def all_of_them(folder: Path) -> list[questions.Question]:
    return questions.all_questions(str(folder))


def test_headers(all_of_them: list[questions.Question]) -> None:
    first = all_of_them[0]
    assert [q.slug for q in all_of_them] == ["signed-by-agency", "signed-when", "loose", "trade"]
    assert (first.number, first.who, first.title["ko"]) == ("01", "business chamber", "어떤 기관이 무엇에 서명했는가?")
    assert first.parameters[0] == ("agency", "org:port-authority", "the agency")
    assert [p.default for p in first.parameters] == ["org:port-authority", "2019", '"port"']


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("1", "signed-by-agency"),
        ("01", "signed-by-agency"),
        ("q1", "signed-by-agency"),
        ("12", "trade"),
        ("Q12", "trade"),
        ("signed-when", "signed-when"),
        ("02-signed-when", "signed-when"),
        ("signed-when.rq", "signed-when"),
        ("signed-b", "signed-by-agency"),
        ("LOOSE", "loose"),
    ],
)
def test_ways_to_name_a_question(all_of_them: list[questions.Question], name: str, slug: str) -> None:
    assert questions.find(name, all_of_them).slug == slug


def test_names_that_do_not_do(all_of_them: list[questions.Question]) -> None:
    with pytest.raises(UsageError, match="several"):
        questions.find("signed", all_of_them)
    with pytest.raises(NotFound) as caught:
        questions.find("tarde", all_of_them)
    assert "trade" in caught.value.suggestions
    for name in ("", "0", "99", "zzz"):
        with pytest.raises(NotFound):
            questions.find(name, all_of_them)


def test_a_question_runs_as_it_stands_and_with_parameters(tiny: Store, all_of_them: list[questions.Question]) -> None:
    question = all_of_them[0]
    (row,) = tiny.query(question.text)
    assert row["agency"].value.endswith("port-authority")
    (row,) = tiny.query(question.bound(tiny, {"agency": "Harbour Institute", "since": "2020", "word": 'a"b } #'}))
    assert row["agency"].value.endswith("harbour-institute")
    assert row["since"].value == "2020"
    assert row["word"].value == 'a"b } #'


@pytest.mark.parametrize("value", ['x" } UNION { ?s ?p ?o } #', "\\", "a\nb", "<http://a/>", "'''"])
def test_a_value_stays_a_value(tiny: Store, all_of_them: list[questions.Question], value: str) -> None:
    (row,) = tiny.query(all_of_them[0].bound(tiny, {"word": value}))
    assert row["word"].value == value


def test_wrong_settings(tiny: Store, all_of_them: list[questions.Question]) -> None:
    question = all_of_them[0]
    with pytest.raises(UsageError, match="no parameter 'agncy'"):
        question.bound(tiny, {"agncy": "x"})
    with pytest.raises(NotFound):
        question.bound(tiny, {"agency": "nobody at all"})
    with pytest.raises(UsageError, match="not a number"):
        question.bound(tiny, {"since": "soon"})


def test_wrong_files(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("# title-en: A\nASK {}")
    with pytest.raises(KGError, match=r"a\.rq: needs"):
        questions.all_questions(str(tmp_path))
    (tmp_path / "a.rq").write_text(TWO.replace("ASK", "# param x: 1  nowhere\nASK"))
    with pytest.raises(KGError, match="VALUES"):
        questions.all_questions(str(tmp_path))


def test_our_own_questions_are_readable_and_parse(tiny: Store) -> None:
    for question in questions.all_questions():
        tiny.query(question.text, timeout=30)


@pytest.mark.parametrize(
    ("default", "good", "bad", "words"),
    [
        (
            '"2025-11-02"^^xsd:date',
            ["2024-02-29"],
            ["banana", "2025", "20251102", "2025-02-29", "２０２５-11-02"],
            "not a date",
        ),
        ('"2025"', ["1999"], ["25", "2025-11", "soon", "²025", "20255"], "not a year"),
        ("12", ["7", "-1.5"], ["²", "many", "1.", "1.2.3", "1e3", "+-1", "٣"], "not a number"),
        ('"any"', ["banana", "2025"], [], ""),
    ],
)
def test_a_value_has_the_shape_of_its_default(default: str, good: list[str], bad: list[str], words: str) -> None:
    parameter = questions.Parameter("x", default, "")
    text = f"SELECT ?x {{ VALUES ?x {{ {default} }} }}"
    question = questions.Question("a", "1", {}, "", "", (parameter,), text)
    with Store.open(str(TINY)) as store:
        for value in good:
            assert store.query(question.bound(store, {"x": value}))[0]["x"].value == value
        for value in bad:
            with pytest.raises(UsageError, match=words):
                question.bound(store, {"x": value})
