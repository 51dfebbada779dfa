from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from kg.cli import main, output
from kg.store import Store
from tests.conftest import TINY, Kg, environment

COUNTRIES = "SELECT ?c ?name { ?c a krsg:Country ; skos:prefLabel ?name } ORDER BY ?c ?name"


def on_terminal(*arguments: str, **also: str) -> str:
    """What ``kg`` writes to a terminal."""
    leader, follower = pty.openpty()
    env = environment(TERM="xterm", **also)
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments], stdout=follower, stderr=subprocess.DEVNULL, env=env
    )
    os.close(follower)
    parts = []
    while True:
        try:
            part = os.read(leader, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(leader)
    process.wait(20)
    return b"".join(parts).decode().replace("\r\n", "\n")


# ── kg query ──


def test_a_table_on_a_terminal_and_tsv_into_a_pipe(run_kg: Kg) -> None:
    shown = on_terminal("query", COUNTRIES, NO_COLOR="1").splitlines()
    assert shown[0].split() == ["c", "name"]
    assert shown[2].split(maxsplit=1) == ["co:kor", "Republic of Korea"]
    assert shown[-1] == "4 rows"
    piped = run_kg("query", COUNTRIES).stdout.splitlines()
    assert piped[0] == "?c\t?name"
    assert piped[1] == '<https://w3id.org/krsg/country/kor>\t"Republic of Korea"@en'


def test_columns_line_up_beside_hangul() -> None:
    shown = on_terminal(
        "query", "SELECT ?name ?c { ?c a krsg:Country ; skos:prefLabel ?name } ORDER BY ?name", NO_COLOR="1"
    )
    rows = shown.splitlines()[2:-1]
    assert len({output.width(row[: row.index("co:")]) for row in rows}) == 1


@pytest.mark.parametrize("format", ["json", "csv", "tsv", "xml", "table"])
def test_every_format_of_rows(run_kg: Kg, format: str) -> None:
    done = run_kg("query", COUNTRIES, "--format", format)
    assert (done.returncode, done.stderr) == (0, "")
    assert "싱가포르" in done.stdout
    if format == "json":
        assert len(json.loads(done.stdout)["results"]["bindings"]) == 4
    if format == "csv":
        assert len(list(csv.reader(io.StringIO(done.stdout)))) == 5


@pytest.mark.parametrize("format", ["ttl", "nt", "nq", "trig", "jsonld", "rdfxml", "json", "table"])
def test_every_format_of_graphs(run_kg: Kg, format: str) -> None:
    done = run_kg("query", "DESCRIBE org:gazette", "--format", format)
    assert (done.returncode, done.stderr) == (0, "")
    assert "항만신문" in done.stdout or "&#" in done.stdout


def test_a_truth_value(run_kg: Kg) -> None:
    assert run_kg("query", "ASK { co:kor a krsg:Country }").stdout == "true\n"
    assert json.loads(run_kg("query", "ASK { co:kor a krsg:Place }", "--format", "json").stdout)["boolean"] is False


def test_a_graph_without_a_format_is_turtle(run_kg: Kg) -> None:
    assert run_kg("query", "CONSTRUCT WHERE { co:kor ?p ?o }").stdout.startswith("@prefix")


def test_a_query_from_a_file_and_from_standard_input(run_kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_bytes(b"\xef\xbb\xbf" + COUNTRIES.encode())
    from_text = run_kg("query", COUNTRIES).stdout
    assert run_kg("query", str(tmp_path / "q.rq")).stdout == from_text
    assert run_kg("query", "-", text=COUNTRIES).stdout == from_text


def test_at_most_so_many_rows(run_kg: Kg) -> None:
    done = run_kg("query", COUNTRIES, "--limit", "2")
    assert len(done.stdout.splitlines()) == 3
    assert "only the first 2 rows" in done.stderr
    assert run_kg("query", COUNTRIES, "--limit", "4").stderr == ""
    assert len(run_kg("query", COUNTRIES, "--limit", "0").stdout.splitlines()) == 1


def test_a_limit_asks_the_engine_for_no_more(run_kg: Kg) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    begin = time.monotonic()
    assert len(run_kg("query", endless, "--limit", "3").stdout.splitlines()) == 4
    assert time.monotonic() - begin < 5


def test_other_data(run_kg: Kg, tmp_path: Path, tiny: Store) -> None:
    (tmp_path / "d.nt").write_text("<a:s> <a:p> <a:o> .\n")
    assert run_kg("query", "SELECT ?s { ?s ?p ?o }", "--data", str(tmp_path / "d.nt")).stdout == "?s\n<a:s>\n"
    assert run_kg("query", COUNTRIES, "--record", str(TINY), env=environment(KG_RECORD="")).returncode == 0


ENDLESS = "SELECT (COUNT(*) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?l) }"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["query", "SELECT * { ?s ?p "], 2, "line 1, column 17"),
        (["query", "SELECT * { ?s krg:p ?o }"], 2, "Did you mean krsg:"),
        (["query", "SELECT * { SERVICE <http://127.0.0.1/> {} }"], 2, "SERVICE asks another server"),
        (["query", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"], 2, "nothing is fetched"),
        (["query", "INSERT DATA { <a:a> <b:b> <c:c> }"], 2, "read-only"),
        (["query", "nofile.rq"], 4, "no such file"),
        (["query", "give me everything"], 2, "neither a query nor a file"),
        (["query", ""], 2, "neither a query nor a file"),
        (["query", "."], 1, "cannot be read"),
        (["query", "ASK {}", "--format", "excel"], 2, "no format 'excel'"),
        (["query", "SELECT * {}", "--format", "ttl"], 2, "ttl is for graphs"),
        (["query", "DESCRIBE co:kor", "--format", "csv"], 2, "csv is for rows"),
        (["query", "ASK {}", "--timeout", "-1"], 2, "invalid"),
        (["query", "ASK {}", "--timeout", "soon"], 2, "invalid"),
        (["query", "ASK {}", "--limit", "-1"], 2, "invalid"),
        (["query", "ASK {}", "--data", "nofile.ttl"], 4, "no such file"),
        (["query", "ASK {}", "--data", "ftp://a/"], 2, "only http and https"),
        (["query", "ASK {}", "--record", "/nowhere"], 1, "no record here"),
        (["query", ENDLESS, "--timeout", "0.5"], 5, r"stopped after 0.5 s"),
        (["query"], 2, "required"),
        (["show", "Prot Authority"], 4, "org:port-authority"),
        (["show", "Port"], 2, "org:harbour-institute, org:port-authority"),
        (["show", "nobody:x"], 4, "nothing in the record"),
        (["search", "zzzz"], 4, "nothing has a name like"),
        (["search", "·"], 2, "nothing to search for"),
        (["path", "tan", "tan"], 2, "both ends"),
        (["path", "tan", "herald"], 4, "--through-countries"),
        (["path", "tan", "doc:gazette"], 2, "no part of the graph"),
        (["path", "tan"], 2, "required"),
        (["ask", "zzzz"], 4, "kg questions"),
        (["ask", "1", "--set", "agency"], (2, 4), ""),
    ],
    ids=lambda x: " ".join(x)[:40] if isinstance(x, list) else None,
)
def test_what_goes_wrong_is_said_on_standard_error(
    run_kg: Kg, arguments: list[str], code: int | tuple[int, ...], words: str
) -> None:
    done = run_kg(*arguments)
    assert done.returncode in (code if isinstance(code, tuple) else (code,))
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["LOAD <x>", "CLEAR ALL", "LOAD<x>", "drop\ndefault"])
def test_an_update_is_refused_by_name_also_without_a_brace(run_kg: Kg, text: str) -> None:
    done = run_kg("query", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is an update" in done.stderr


def redirected(arguments: str, redirection: str) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} -m kg {arguments} {redirection}"
    env = environment(PYTHONUNBUFFERED="")  # as users have it
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=env, timeout=60, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "arguments", ["query 'ASK {}'", "show tan", "questions", "query 'SELECT * { ?s ?p ?o }'", "--help", "ask -h"]
)
def test_a_full_disk_is_said(arguments: str) -> None:
    done = redirected(arguments, ">/dev/full")
    assert (done.returncode, done.stderr) == (1, "kg: No space left on device\n")
    assert redirected("query SELCT{", "2>/dev/full").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "redirection", "code", "out", "said"),
    [
        ("query 'ASK {}'", ">&-", 1, "", "kg: standard output is closed\n"),
        ("query 'ASK {}'", "2>&-", 0, "true\n", ""),
        ("query 'ASK {}'", "<&-", 0, "true\n", ""),
        ("query 'ASK {}'", "<&- 2>&-", 0, "true\n", ""),
        ("query 'SELCT {'", "2>&-", 2, "", ""),
        ("query 'ASK {}' --limit x", "2>&-", 2, "", ""),
        ("query -", "<&-", 2, "", "kg: standard input is closed\n"),
        ("query 'ASK {}'", "<&- >&- 2>&-", 1, "", ""),
    ],
)
def test_closed_streams(arguments: str, redirection: str, code: int, out: str, said: str) -> None:
    done = redirected(arguments, redirection)
    assert (done.returncode, done.stdout, done.stderr) == (code, out, said)


HOSTILE_TEXT = "zz\x1b[2J\x9b\u202e\u200bzz"


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", HOSTILE_TEXT],
        ["search", HOSTILE_TEXT],
        ["path", "tan", HOSTILE_TEXT],
        ["ask", HOSTILE_TEXT],
        ["ask", "1", "--set", HOSTILE_TEXT],
        ["query", "ASK {}", "--data", HOSTILE_TEXT],
        ["query", "ASK {}", "--record", HOSTILE_TEXT],
        ["query", "ASK {}", HOSTILE_TEXT],
        ["query", "ASK {}", "--limit", HOSTILE_TEXT],
        ["query", "ASK {", f"--{HOSTILE_TEXT}"],
        [HOSTILE_TEXT],
    ],
    ids=lambda arguments: " ".join(arguments)[:12],
)
def test_no_complaint_passes_on_what_a_terminal_obeys(run_kg: Kg, arguments: list[str]) -> None:
    done = run_kg(*arguments)
    assert done.returncode in (1, 2, 4)
    assert "zz" in done.stderr
    assert not set("\x1b\x9b\u202e\u200b") & set(done.stderr)


def test_what_is_shown_is_safe_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert output.shown("a\x1b\nb") == "a\\u001b\nb"
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert output.shown("a\x1b\nb") == "a\x1b\nb"


def test_a_query_that_is_not_text(run_kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_bytes(b"SELECT \xff")
    done = run_kg("query", str(tmp_path / "q.rq"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "not UTF-8" in done.stderr


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    command = f"{sys.executable} -m kg query 'SELECT * {{ ?a ?b ?c . ?d ?e ?f }}' | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment(), check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "?a\t?b\t?c\t?d\t?e\t?f\n"


def test_the_plain_call_prints_what_the_long_one_prints(run_kg: Kg) -> None:
    assert run_kg("query", COUNTRIES).stdout == run_kg("query", COUNTRIES, "--timeout", "30").stdout


def test_the_plain_call_imports_little() -> None:
    script = "import sys; from kg.cli import main; main(['query', 'ASK {}']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment(), check=True)
    loaded, bare = set(done.stdout.split()), _modules_of("pass")
    heavy = {"re", "argparse", "pathlib", "typing", "dataclasses", "enum", "json", "inspect", "contextlib", "logging"}
    assert not (heavy - bare) & loaded
    assert not {"rdflib", "networkx", "kg.answers", "kg.endpoint", "kg.interop", "kg.search"} & loaded


def _modules_of(statement: str) -> set[str]:
    script = f"{statement}; import sys; print(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


# ── What a terminal may be told ──

HOSTILE = "SELECT ?a { org:herald skos:altLabel ?a }"


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", HOSTILE],
        *(["query", HOSTILE, "--format", f] for f in ("tsv", "csv", "json", "xml", "table")),
        ["query", "DESCRIBE org:herald"],
        ["query", "DESCRIBE org:herald", "--format", "table"],
        ["show", "org:herald"],
        ["show", "org:herald", "--format", "json"],
        ["search", "2jherald"],
        ["search", "2jherald", "--format", "json"],
    ],
    ids=" ".join,
)
def test_nothing_from_the_data_is_obeyed_by_a_terminal(arguments: list[str]) -> None:
    shown = on_terminal(*arguments, NO_COLOR="1")
    assert "Herald" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_pipe_gets_the_data_as_it_is(run_kg: Kg) -> None:
    assert (
        "\x1b[2JHerald\u202e</script>"
        in json.loads(run_kg("query", HOSTILE, "--format", "json").stdout)["results"]["bindings"][0]["a"]["value"]
    )


def test_tables_are_safe_in_pipes_too(run_kg: Kg) -> None:
    assert "\x1b" not in run_kg("query", HOSTILE, "--format", "table").stdout
    assert "\x1b" not in run_kg("show", "org:herald").stdout


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[1m" in on_terminal("query", COUNTRIES)
    assert "\x1b" not in on_terminal("query", COUNTRIES, NO_COLOR="1")


def test_safe_escapes_what_steers_and_leaves_what_is_read() -> None:
    assert output.safe("나라 “a” – é 👍") == "나라 “a” – é 👍"
    for character in "\x00\x07\x1b\x7f\x9b\n\t\u202e\u2066\u200f\u2028\u200b\ufeff\U000e0041":
        assert character not in output.safe(f"a{character}b")
    assert output.safe_lines("a\r\nb\tc\x1b") == "a\nb\tc\\u001b"


def test_widths() -> None:
    assert output.width("abc") == 3
    assert output.width("나라") == 4
    assert output.width("e\u0301") == 1
    assert output.cut("대한민국", 5) == "대한…"
    assert output.cut("abc", 3) == "abc"
    assert output.pad("나", 4) == "나  "


def test_a_table_of_nothing_has_a_header() -> None:
    assert output.table(["a", "b"], []).splitlines()[0] == "a  b"


# ── kg show, search, path, questions, ask ──


def test_show_gives_each_fact_with_its_passages(run_kg: Kg) -> None:
    page = run_kg("show", "Port", "MOU", "(2020)").stdout
    assert page.startswith("Port MOU (2020)  항만 양해각서(2020)\nagr:port-mou-2020  memorandum of understanding\n")
    fact = page[page.index("→ signatory  Harbour Institute") :]
    assert fact.splitlines()[1].strip() == "[1] ¶2 s1 [15–103]  ev:gazette-p02-s1"
    sources = page.partition("\nSources\n")[2].splitlines()
    assert sources[0].startswith("[1] Port Gazette, “Harbour news”, 2023-06-01")
    assert len(sources) == len(set(sources)) == 2
    assert fact.splitlines()[3].strip() == "2 independent sources"
    assert "inferred" in run_kg("show", "busan").stdout
    assert "quoting Tan Wei Ming" in run_kg("show", "tan-trust").stdout


def test_show_in_korean(run_kg: Kg) -> None:
    page = run_kg("show", "항만 양해각서(2020)", "--lang", "ko").stdout
    assert page.startswith("항만 양해각서(2020)  Port MOU (2020)")
    assert "독립 출처 2곳" in page
    assert "independent" not in page


def test_texts_are_shown_in_the_reader_s_language_only(run_kg: Kg) -> None:
    assert "신뢰가 먼저다." not in run_kg("show", "tan-trust").stdout
    page = run_kg("show", "tan-trust", "--lang", "ko").stdout
    assert "신뢰가 먼저다." in page
    assert "Trust comes first." not in page


def test_show_as_json(run_kg: Kg) -> None:
    assert json.loads(run_kg("show", "port-mou-2020", "--format", "json").stdout)["kind"] == "MemorandumOfUnderstanding"


def test_search_prints_what_was_found_and_by_which_name(run_kg: Kg) -> None:
    rows = run_kg("search", "연구").stdout.splitlines()
    assert rows[2].split()[0] == "org:harbour-institute"
    assert "한국항만연구원" in rows[2]
    found = json.loads(run_kg("search", "port", "--limit", "2", "--format", "json").stdout)
    assert [one["curie"] for one in found] == ["org:harbour-institute", "org:port-authority"]
    assert found[0]["how"] == "exact"


def test_path_gives_each_step_with_its_evidence(run_kg: Kg) -> None:
    page = run_kg("path", "tan", "busan").stdout
    assert page.splitlines()[0] == "path 1 of 1, 4 steps"
    assert "← speaker ─ Tan on trust (remark:tan-trust)" in page
    assert "¶2 s2 [104–140], quoting Tan Wei Ming  ev:gazette-p02-s2" in page
    assert "단계" in run_kg("path", "tan", "busan", "--lang", "ko").stdout


def test_path_through_countries_only_when_asked(run_kg: Kg) -> None:
    done = run_kg("path", "gazette", "busan", "--through-countries", "--format", "json")
    (path,) = json.loads(done.stdout)
    assert [(step["from"], step["predicate"], step["to"]) for step in path] == [
        ("org:gazette", "country", "co:kor"),
        ("co:kor", "country", "place:busan"),
    ]
    assert [step["forward"] for step in path] == [True, False]
    assert all(step["evidence"] for step in path)
    assert run_kg("path", "gazette", "busan").returncode == 4


def test_questions_are_listed_in_both_languages(run_kg: Kg) -> None:
    for arguments in (["questions"], ["questions", "--lang", "ko"]):
        assert run_kg(*arguments).returncode == 0
    assert isinstance(json.loads(run_kg("questions", "--format", "json").stdout), list)


def test_ask_answers_shows_and_takes_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from kg import questions
    from kg.cli import main

    (tmp_path / "01-signed-by.rq").write_text(
        "# title-en: Signed by\n# title-ko: 서명\n# param agency: org:port-authority  the agency\n"
        "SELECT ?agency { VALUES ?agency { org:port-authority } ?a krsg:signatory ?agency }\n"
    )
    monkeypatch.setattr(questions.all_questions, "__defaults__", (str(tmp_path),))
    monkeypatch.setenv("KG_RECORD", str(TINY))

    def printed(*arguments: str) -> str:
        assert main(list(arguments)) == 0
        return capfdbinary.readouterr().out.decode()

    assert "port-authority" in printed("ask", "1")
    assert "harbour-institute" in printed("ask", "signed", "--set", "agency=Harbour Institute", "--format", "csv")
    assert printed("ask", "1", "--show").startswith("# title-en: Signed by")
    assert "harbour-institute" in printed("ask", "1", "--show", "--set", "?agency=harbour-institute")


@pytest.mark.parametrize("command", ["query", "ask", "questions", "show", "search", "path"])
def test_help_has_examples(run_kg: Kg, command: str) -> None:
    done = run_kg(command, "--help")
    assert done.returncode == 0
    assert f"kg {command}" in done.stdout
    assert "examples:" in done.stdout


@pytest.mark.parametrize("format", ["table", "tsv", "csv", "json", "xml"])
def test_an_empty_answer_names_the_terms_nobody_knows(run_kg: Kg, format: str) -> None:
    done = run_kg("query", "SELECT ?a { ?a krsg:partty org:port-autority }", "--format", format)
    assert done.returncode == 0
    assert "nothing is called krsg:partty here. Did you mean: krsg:party" in done.stderr
    assert "org:port-authority" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?a { ?a krsg:party co:kor }",  # it has answers
        'SELECT ?a { ?a krsg:country "krsg:nothing" } # krsg:nothing',  # empty, but all its terms are known
        "ASK { co:kor a krsg:Country }",
        "ASK { co:kor a krsg:Agency }",
    ],
)
def test_known_terms_raise_no_note(run_kg: Kg, text: str) -> None:
    assert run_kg("query", text).stderr == ""


def test_a_false_and_an_empty_description_are_explained_too(run_kg: Kg) -> None:
    assert "krsg:Agncy" in run_kg("query", "ASK { co:kor a krsg:Agncy }").stderr
    assert "org:portauthority" in run_kg("query", "DESCRIBE org:portauthority").stderr


def test_a_question_without_an_answer_says_what_the_record_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "18", "--set", "year=1950"]) == 0
    assert "note: Only products of which a source gives the fig" in capsys.readouterr().err


def test_a_table_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "1", "--format", "table", "--lang", "ko"]) == 0
    header = capsys.readouterr().out.splitlines()[0].split()
    assert "nameKo" in header
    assert "nameEn" not in header


def test_search_says_when_there_is_more(run_kg: Kg) -> None:
    assert "the first 1 of " in run_kg("search", "port", "--limit", "1").stderr
    assert run_kg("search", "port").stderr == ""


def examples() -> list[str]:
    """The examples of the asking commands, without those that need a file or another machine."""
    found = []
    for name in ("query", "ask", "questions", "show", "search", "path"):
        text = (import_module(f"kg.cli.{name}").__doc__ or "").partition("examples:\n")[2]
        lines = [line.strip() for line in text.splitlines() if line.strip().startswith("kg ")]
        found += [re.split(r"\s{3,}| > | \| ", line)[0] for line in lines]
    return [line for line in found if ".rq" not in line and "://" not in line]


@pytest.mark.parametrize("example", examples())
def test_the_examples_of_the_help_work(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(example)[1:]) == 0
    assert capsys.readouterr().out.strip()
