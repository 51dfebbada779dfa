from __future__ import annotations

import base64
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple
from pyoxigraph import Store as Oxigraph

from kg import limits
from kg.answers import Solutions, Triples, plain, show
from kg.cli.query import _Printer
from kg.errors import KGError, LimitReached, NotFound, QueryError, QueryRefused, UsageError
from kg.namespaces import EVIDENCE_INDEX, PREFIXES
from kg.record import Record
from kg.store import Local, Store
from tests.conftest import TINY, Listener, environment

ORG, AGR, EV, XSD = PREFIXES["org"], PREFIXES["agr"], PREFIXES["ev"], PREFIXES["xsd"]
#: A product of six copies of the data: longer than anybody waits.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n_ ?o . ?p ?q ?r FILTER(?a != ?r && ?b != ?q) }"


# ── What a query answers ──


def test_select_gives_rows_by_variable(tiny: Store) -> None:
    rows = tiny.query(
        "SELECT ?name ?alias { org:gazette skos:prefLabel ?name OPTIONAL { org:gazette skos:altLabel ?alias } }"
    )
    assert isinstance(rows, Solutions)
    assert rows.variables == ["name", "alias"]
    assert sorted(row["name"].value for row in rows) == ["Port Gazette", "항만신문"]
    assert all("alias" not in row for row in rows)
    assert [row["name"] for row in rows] == [row["name"] for row in rows], "rows can be walked again"
    assert len(rows) == 2
    assert rows


def test_ask_gives_a_truth_value(tiny: Store) -> None:
    assert tiny.query("ASK { co:kor a krsg:Country }") is True
    assert tiny.query("ASK { co:kor a krsg:Place }") is False


def test_construct_and_describe_give_triples_once_each(tiny: Store) -> None:
    triples = tiny.query("CONSTRUCT { co:kor a krsg:Country } { ?s ?p ?o }")
    assert isinstance(triples, Triples)
    assert len(triples) == 1
    assert next(iter(triples)).predicate.value == PREFIXES["rdf"] + "type"
    assert len(tiny.query("DESCRIBE co:sgp")) == 5


def test_no_rows_is_an_empty_answer_not_an_error(tiny: Store) -> None:
    assert not tiny.query("SELECT * { ?s krsg:nothing ?o }")
    assert tiny.query("SELECT * { ?s krsg:nothing ?o }").to("tsv") == b"?s\t?o\n"


@pytest.mark.parametrize(
    ("format", "start"),
    [("json", b'{"head":'), ("csv", b"s\r\n"), ("tsv", b"?s\n"), ("xml", b'<?xml version="1.0"')],
)
def test_rows_in_every_result_format(tiny: Store, format: str, start: bytes) -> None:
    assert tiny.query("SELECT ?s { ?s a krsg:Country }").to(format).startswith(start)


@pytest.mark.parametrize("format", ["ttl", "nt", "nq", "trig", "jsonld", "rdfxml"])
def test_triples_in_every_graph_format_read_back_the_same(tiny: Store, format: str) -> None:
    from kg.media import GRAPHS

    answer, back = tiny.query("DESCRIBE org:herald"), Oxigraph()
    back.load(answer.to(format), getattr(RdfFormat, GRAPHS[format].engine))
    assert {quad.triple for quad in back} == set(answer)


def test_rows_in_a_graph_format_are_refused(tiny: Store) -> None:
    with pytest.raises(UsageError):
        tiny.query("SELECT * {}").to("ttl")
    with pytest.raises(UsageError):
        tiny.query("DESCRIBE co:kor").to("csv")


TERMS = [
    (NamedNode(ORG + "hsa"), ORG + "hsa", "org:hsa"),
    (NamedNode("http://a/b c".replace(" ", "%20")), "http://a/b%20c", "<http://a/b%20c>"),
    (Literal("plain"), "plain", "plain"),
    (Literal("나라", language="ko"), "나라", "나라"),
    (Literal("12", datatype=NamedNode(XSD + "integer")), 12, "12"),
    (Literal("3", datatype=NamedNode(XSD + "nonNegativeInteger")), 3, "3"),
    (Literal("7", datatype=NamedNode(XSD + "unsignedByte")), 7, "7"),
    (Literal("1.50", datatype=NamedNode(XSD + "decimal")), Decimal("1.50"), "1.50"),
    (Literal("1e3", datatype=NamedNode(XSD + "double")), 1000.0, "1e3"),
    (Literal("true", datatype=NamedNode(XSD + "boolean")), True, "true"),
    (Literal("2025-11-02", datatype=NamedNode(XSD + "date")), date(2025, 11, 2), "2025-11-02"),
    (Literal("2025-13-02", datatype=NamedNode(XSD + "date")), "2025-13-02", "2025-13-02"),
    (Literal("many", datatype=NamedNode(XSD + "integer")), "many", "many"),
    (Literal("x", datatype=NamedNode("http://a/type")), "x", "x"),
    (BlankNode("b1"), "_:b1", "_:b1"),
    (
        Triple(NamedNode("a:s"), NamedNode("a:p"), Literal("o")),
        ("a:s", "a:p", "o"),
        "<<( <a:s> <a:p> o )>>",
    ),
]


@pytest.mark.parametrize(("term", "value", "text"), TERMS, ids=lambda x: str(x)[:30])
def test_every_sort_of_term_has_a_python_value_and_a_reading(term: object, value: object, text: str) -> None:
    assert plain(term) == value  # type: ignore[arg-type]
    assert show(term) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("term", [term for term, _, _ in TERMS], ids=lambda x: str(x)[:30])
def test_every_sort_of_term_survives_solutions(term: object) -> None:
    rows = Solutions.of(["x", "none"], [(term, None)])  # type: ignore[list-item]
    assert rows.rows == [{"x": term}]
    assert pickle.loads(pickle.dumps(rows.rows)) == rows.rows


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("select distinct*{ ?s ?p ?o { SELECT * { ?z a ?y } } }", "s p o z y"),
        ("PREFIX select: <http://a/> # SELECT *\nSELECT REDUCED * { $s a ?k . ?s ?p $o }", "s k p o"),
        ("SELECT * { ?s ?p ?o MINUS { ?s ?q ?r } }", "s p o"),
        ("SELECT (COUNT(*) AS ?n) ?a { ?s ?p ?a } GROUP BY ?a", "n a"),
        ("SELECT ?o ?s { ?s ?p ?o { SELECT * { ?x ?y ?o } } }", "o s"),
        ("SELECT * {}", ""),
        ("SELECT * { VALUES (?z ?a) { (1 2) } }", "z a"),
    ],
)
def test_columns_are_in_the_order_written(tiny: Store, text: str, columns: str) -> None:
    assert tiny.query(text).variables == columns.split()
    assert tiny.query(text, timeout=30).to("csv") == tiny.query(text).to("csv")


# ── What can be opened ──


@pytest.mark.parametrize("format", ["ttl", "nt", "nq", "trig", "jsonld", "rdfxml"])
def test_a_file_in_each_format(tiny: Store, tmp_path: Path, format: str) -> None:
    from kg.media import GRAPHS

    path = tmp_path / f"data{GRAPHS[format].suffixes[0]}"
    path.write_bytes(tiny.dump(format))
    with Store.open(path) as store:
        assert len(store.query("SELECT ?s { ?s a krsg:Country }")) == 2
        assert store.contains_graph(EV + "herald-p02-s2") == GRAPHS[format].dataset
        assert store.record is None


def test_a_folder_that_is_a_record(tiny_record: Path) -> None:
    with Store.open(tiny_record) as store, Store.open(Record(str(tiny_record))) as same:
        assert store.record is not None
        assert store.query("ASK { co:kor a krsg:Country }") is same.query("ASK { co:kor a krsg:Country }") is True


def test_a_database_folder_is_opened_to_read_only(tiny: Store, tmp_path: Path) -> None:
    Oxigraph(str(tmp_path / "db")).load(tiny.dump("nq"), RdfFormat.N_QUADS)
    with Store.open(tmp_path / "db") as store:
        assert len(store.query("SELECT ?s { ?s a krsg:Country }")) == 2
        assert len(store.query("SELECT ?s { ?s a krsg:Country }", timeout=20)) == 2
        assert store.query("ASK { GRAPH ev:herald-p02-s2 { ?s ?p ?o } }", timeout=20)


def test_an_unbuilt_record_says_what_to_run(tmp_path: Path) -> None:
    shutil.copytree(TINY / "ontology", tmp_path / "ontology")
    with pytest.raises(KGError, match=r"triples\.ttl: not built yet") as caught:
        Store.open(tmp_path)
    assert "kg build" in caught.value.hint


def test_a_folder_that_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(KGError, match="neither a record nor an Oxigraph database"):
        Store.open(tmp_path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file"):
        Store.open(tmp_path / "none.ttl")


def test_an_unknown_ending(tmp_path: Path) -> None:
    (tmp_path / "data.docx").write_text("x")
    with pytest.raises(UsageError, match="no RDF format has this ending"):
        Store.open(tmp_path / "data.docx")


def test_broken_turtle_is_placed(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<a:a> <b:b> <c:c> .\n<a:a> <b:b> .\n")
    with pytest.raises(KGError, match=r"data\.ttl:2: not valid Turtle"):
        Store.open(tmp_path / "data.ttl")


def test_an_empty_file_is_an_empty_dataset(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_bytes(b"")
    assert not Store.open(tmp_path / "data.ttl").query("SELECT * { ?s ?p ?o }")


def test_asking_a_closed_store(tiny_record: Path) -> None:
    with Store.open(tiny_record) as store:
        pass
    with pytest.raises(KGError, match="closed"):
        store.query("ASK {}")


RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a/">'
DEEP = b"<a:s> <a:p> " + b"<<( <a:s> <a:p> " * 200_000 + b"<a:o>" + b" )>>" * 200_000 + b" .\n"


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(KGError) as caught:
        Store.open(path)
    assert str(path) in caught.value.message
    return str(caught.value)


def test_a_file_that_declares_entities_is_not_parsed(tmp_path: Path) -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x" * 100}">' for n in range(9))
    text = f"<?xml version='1.0'?><!DOCTYPE r [{lines}]>{RDF_XML}<a:C><a:p>&a8;</a:p></a:C></rdf:RDF>"
    begin = time.monotonic()
    assert "declares entities" in refused(tmp_path / "bomb.rdf", text.encode())
    assert time.monotonic() - begin < 2


def test_a_file_that_crashes_the_parser_is_an_error_here(tmp_path: Path) -> None:
    assert "too deeply nested" in refused(tmp_path / "deep.nt", DEEP)
    assert "larger than the parser takes" in refused(tmp_path / "big.nt", b'<a:s> <a:p> "' + b"x" * 40_000_000 + b'" .')
    assert zombies() == []


def test_a_file_that_takes_for_ever_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.READING_SECONDS", 0.5)
    text = RDF_XML + "<a:C><a:p>" * 200_000 + "</a:p></a:C>" * 200_000 + "</rdf:RDF>"
    assert "more than 0.5 s" in refused(tmp_path / "nest.rdf", text.encode())


def test_a_file_of_no_sensible_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.MOST_FILE_BYTES", 10)
    assert "oxigraph load" in refused(tmp_path / "large.nt", b"<a:s> <a:p> <a:o> .\n")


def test_a_file_s_triples_within_triples_are_kept_from_json_ld(tmp_path: Path) -> None:
    (tmp_path / "t.nt").write_text("<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .\n")
    with Store.open(tmp_path / "t.nt") as store:
        for write in (store.query("CONSTRUCT WHERE { ?s ?p ?o }").to, store.dump):
            with pytest.raises(KGError, match="cannot be written as jsonld"):
                write("jsonld")


# ── The dataset ──


def test_the_default_graph_holds_each_fact_once_whatever_the_passages_say(tiny: Store) -> None:
    signatories = "SELECT ?who { agr:port-mou-2020 krsg:signatory ?who }"
    assert len(tiny.query(signatories)) == 2
    assert len(tiny.query("SELECT ?who { GRAPH ?ev { agr:port-mou-2020 krsg:signatory ?who } }")) == 4
    assert len(tiny.query(signatories)) == 2, "still, after the evidence is loaded"


def test_evidence_is_read_only_when_a_query_could_look_into_it(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "record")
    (tmp_path / "record" / "data" / "evidence.trig").write_text("broken")
    store = Store.open(tmp_path / "record")
    assert store.query("SELECT ?p { ?ev krsg:paragraph ?p ; krsg:inDocument ?d . ?s krsg:from ?from }") is not None
    for text in ("SELECT * { GRAPH ?g { ?s ?p ?o } }", "SELECT * { ?s ?p 1graph?g{} }", "ASK FROM NAMED <a:g> {}"):
        with pytest.raises(KGError, match=r"evidence\.trig:1: not valid TriG"):
            store.query(text)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("SELECT * { ?s krsg:paragraph ?o }", False),
        ("SELECT * { ?s krsg:from ?from . $from ?p ?o }", False),
        ("SELECT * { graph?g{} }", True),
        ("SELECT * { ?ev krsg:paragraph ?p GRAPH ?ev { } }", True),
        ("SELECT*FROM NAMED<a:b>{}", True),
        ("DESCRIBE<a:b>FROM<a:b>", True),
    ],
)
def test_which_queries_want_the_evidence(text: str, wants: bool) -> None:
    assert Local(Oxigraph(), "").wants_evidence(text) is wants


def test_quads_by_pattern(tiny: Store) -> None:
    about = list(tiny.quads(AGR + "port-mou-2020", PREFIXES["krsg"] + "topic"))
    assert {str(quad.graph_name) for quad in about} == {"DEFAULT", f"<{EV}herald-p02-s2>"}
    assert len(list(tiny.quads(AGR + "port-mou-2020", PREFIXES["krsg"] + "topic", graph=""))) == 1
    assert len(list(tiny.quads(object=Literal("Tan Wei Ming", language="en"), graph=""))) == 1
    assert all(quad.graph_name == NamedNode(EVIDENCE_INDEX) for quad in tiny.quads(graph=EVIDENCE_INDEX))


def test_names_and_graphs(tiny: Store) -> None:
    assert tiny.names(PREFIXES["co"] + "kor") == {"en": "Republic of Korea", "ko": "대한민국"}
    assert tiny.names(ORG + "none") == {}
    assert tiny.contains_graph(EV + "gazette-p02-s1")
    assert not tiny.contains_graph(EV + "none")


def test_dump_of_the_default_graph_and_of_all(tiny: Store) -> None:
    assert b"GRAPH" not in tiny.dump("ttl")
    assert f"<{EV}herald-p02-s2> .".encode() in tiny.dump("nq")
    with pytest.raises(UsageError):
        tiny.dump("csv")


# ── Limits ──


def zombies() -> list[int]:
    found: list[int] = []
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found.append(pid)


def test_an_endless_query_ends_at_its_deadline_twice_and_the_next_one_works(tiny: Store) -> None:
    for _ in range(2):
        begin = time.monotonic()
        with pytest.raises(LimitReached, match=r"stopped after 0\.5 s") as caught:
            tiny.query(ENDLESS, timeout=0.5)
        assert time.monotonic() - begin < 2
        assert "--timeout" in caught.value.hint
    assert tiny.query("ASK { co:kor a krsg:Country }", timeout=20)
    assert zombies() == []


def test_a_query_that_wants_too_much_memory(tiny: Store) -> None:
    with pytest.raises(LimitReached, match="50 MiB of memory"):
        tiny.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f ?i", timeout=60, memory=50 << 20)
    assert zombies() == []


def test_a_limited_query_answers_the_same_as_an_unlimited_one(tiny: Store) -> None:
    for text in ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "DESCRIBE org:herald", "ASK {}", "ASK { FILTER(false) }"):
        limited, free = tiny.query(text, timeout=30, memory=1 << 30), tiny.query(text)
        assert list(limited) == list(free) if isinstance(free, Solutions | Triples) else limited is free


def test_errors_come_through_from_the_child_as_they_are(tiny: Store) -> None:
    with pytest.raises(QueryError, match="line 1, column 1: unexpected SELCT"):
        tiny.query("SELCT", timeout=20)
    with pytest.raises(QueryRefused):
        tiny.query("ASK { SERVICE <http://127.0.0.1/> {} }", timeout=20)
    with pytest.raises(QueryError, match="not supported"):
        tiny.query("SELECT * { ?s ?p ?o FILTER(<http://a/f>(?o)) }", timeout=20)


def test_even_past_the_guard_a_sealed_child_opens_no_socket(
    tiny: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.sparql.check", lambda text, contains_graph: None)
    text = f"SELECT ?s {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}"
    with pytest.raises(KGError):
        tiny.query(text, timeout=20)
    assert listener.calls == []
    with pytest.raises(KGError):
        tiny.query(text)
    assert len(listener.calls) == 1, "so the test can see a call"


def test_a_child_opens_no_file_and_leaves_no_trace(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def reads(write: limits.Sink) -> str:
        with open(TINY / "data" / "triples.ttl", "rb") as file:
            write(file.read())
        return ""

    with pytest.raises(KGError, match="Too many open files"):
        limits.run(reads, print)
    script = (
        "import atexit, sys; from kg import limits; atexit.register(print, 'bye'); sys.stdout.write('unflushed ');"
        "limits.run(lambda write: write(b'x') and '' or '', lambda chunk: None)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "unflushed bye\n"


def test_a_child_that_dies_is_an_error(tiny: Store) -> None:
    def dies(write: limits.Sink) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    with pytest.raises(KGError, match="process died"):
        limits.run(dies, print)
    assert zombies() == []


def test_a_slow_reader_uses_none_of_the_time() -> None:
    def talks(write: limits.Sink) -> str:
        write(b"x" * 300_000)
        return "done"

    assert limits.run(talks, lambda chunk: time.sleep(0.3), seconds=0.6) == "done"


def test_a_reader_that_stops_ends_the_child() -> None:
    def talks(write: limits.Sink) -> str:
        while True:
            write(b"x" * 100_000)

    def stops(chunk: bytes) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        limits.run(talks, stops)
    assert zombies() == []


def test_without_fork_a_new_process_answers_and_is_stopped(tiny: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "can_fork", lambda: False)
    assert tiny.query("ASK { GRAPH ev:herald-p02-s2 { ?s ?p ?o } }", timeout=60)
    with pytest.raises(QueryError, match="line 1, column 1"):
        tiny.query("SELCT", timeout=60)
    with pytest.raises(LimitReached):
        tiny.query(ENDLESS, timeout=3)
    parts: list[bytes] = []
    tiny.stream("ASK {}", _Printer("ASK {}", "json", False, None), parts.append, timeout=60)
    assert b"".join(parts) == b'{"head":{},"boolean":true}'


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("options", [[], ["--timeout", "0", "--memory", "0"]], ids=["limited", "unlimited"])
def test_a_child_ends_when_its_parent_is_killed(options: list[str]) -> None:
    parent = subprocess.Popen([sys.executable, "-m", "kg", "query", ENDLESS, *options], env=environment())
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    waited = time.monotonic() + 20
    while not (found := children.read_text().split()) and time.monotonic() < waited:
        time.sleep(0.05)
    time.sleep(0.3)
    parent.kill()
    parent.wait(10)
    stat = Path(f"/proc/{found[0]}/stat")
    while is_running(stat) and time.monotonic() < waited:
        time.sleep(0.05)
    assert not is_running(stat)


def is_running(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_that_uses_up_its_stack_says_so() -> None:
    def crashes(write: limits.Sink) -> str:
        os.kill(os.getpid(), signal.SIGSEGV)
        return ""

    for memory in (None, 1 << 30):
        with pytest.raises(KGError, match="too deeply nested, or out of memory"):
            limits.run(crashes, print, memory=memory)


def test_ctrl_c_ends_it_at_once() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "query", ENDLESS, "--timeout", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    time.sleep(1.0)
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - begin < 2
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err


# ── Endpoints ──

JSON = {"Content-Type": "application/sparql-results+json; charset=utf-8"}


def test_an_endpoint_is_asked_by_the_protocol(listener: Listener) -> None:
    listener.answer = (200, JSON, Solutions.of(["s"], [(NamedNode(ORG + "hsa"),)]).to("json"))
    with Store.open(listener.address) as store:
        rows = store.query("SELECT ?s { ?s krsg:party co:kor }", timeout=20)
    assert rows[0]["s"].value == ORG + "hsa"
    method, path, headers, body = listener.calls[0]
    assert (method, path) == ("POST", "/sparql")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "sparql-results+json" in headers["Accept"]
    sent = parse_qs(body)["query"][0]
    assert sent.startswith(f"PREFIX co: <{PREFIXES['co']}> PREFIX krsg:")


def test_an_endpoint_answers_graphs_and_truth(listener: Listener) -> None:
    store = Store.open(listener.address)
    listener.answer = (200, {"Content-Type": "text/turtle"}, b"<a:a> <b:b> <c:c> .")
    assert len(store.query("CONSTRUCT WHERE { ?s ?p ?o }")) == 1
    listener.answer = (200, JSON, b'{"head":{},"boolean":true}')
    assert store.query("ASK {}") is True


def test_the_guard_holds_for_endpoints_too(listener: Listener) -> None:
    store = Store.open(listener.address)
    with pytest.raises(QueryRefused):
        store.query("SELECT * { SERVICE <http://127.0.0.1/> {} }")
    with pytest.raises(QueryRefused):
        store.query("CLEAR ALL")
    assert listener.calls == []


def test_a_password_is_sent_and_never_shown(listener: Listener) -> None:
    address = listener.address.replace("http://", "http://ann:s%40cret@")
    store = Store.open(address)
    listener.answer = (401, {}, b"who?")
    with pytest.raises(KGError) as caught:
        store.query("ASK {}")
    assert listener.calls[0][2]["Authorization"] == "Basic " + base64.b64encode(b"ann:s@cret").decode()
    assert "cret" not in f"{caught.value} {caught.value!r} {store!r} {store.source}"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((400, {}, b"Parse error:\n\x1b[2J unexpected"), QueryError, "does not understand the query: Parse error:"),
        ((500, {}, b""), KGError, "answered 500"),
        ((503, {}, b"busy"), LimitReached, "gave up"),
        ((302, {"Location": "file:///etc/passwd"}, b""), KGError, "has moved"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), KGError, "answered text/html"),
        ((200, JSON, b"{broken"), KGError, "not application/sparql-results"),
        ((200, JSON, b""), KGError, "not application/sparql-results"),
        ((200, JSON, b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'), KGError, "answered ASK with rows"),
        ((500, {"Content-Length": "900"}, b"x"), KGError, "answered 500"),
        ((200, JSON | {"Content-Length": "900"}, b'{"head":{},"boolean":true}'), KGError, "broke off"),
    ],
    ids=lambda x: str(x)[:20],
)
def test_what_an_endpoint_may_do_wrong(
    listener: Listener, answer: tuple[int, dict[str, str], bytes], error: type[KGError], words: str
) -> None:
    listener.answer = answer
    with pytest.raises(error, match=words):
        Store.open(listener.address).query("ASK { ?s ?p ?o }")


ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"a:b"}}'


@pytest.mark.parametrize("timeout", [None, 20])
@pytest.mark.parametrize(
    ("text", "kind", "body", "words"),
    [
        ("SELECT * {}", "application/sparql-results+json", ROWS + b",{", "not application/sparql-results"),
        ("SELECT * {}", "application/sparql-results+json", ROWS.replace(b"a:b", b"a b") + b"]}}", "not application/"),
        ("SELECT * {}", "application/sparql-results+json", b'{"head":{},"boolean":true}', "SELECT with a truth value"),
        ("DESCRIBE <a:s>", "application/n-triples", DEEP, "too deeply nested"),
        ("DESCRIBE <a:s>", "application/rdf+xml", b'<!DOCTYPE r [<!ENTITY a "b">]><r/>', "declares entities"),
    ],
    ids=["cut", "wrong", "truth", "deep", "entities"],
)
def test_an_endpoint_that_answers_with_something_else(
    listener: Listener, text: str, kind: str, body: bytes, words: str, timeout: float | None
) -> None:
    listener.answer = (200, {"Content-Type": kind}, body)
    with pytest.raises(KGError, match=words):
        Store.open(listener.address).query(text, timeout=timeout)


@pytest.mark.parametrize(
    "begin", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
)
@pytest.mark.parametrize("text", ["ASK {}", "ASK FROM <a:g> {}"])
def test_an_endpoint_that_drips_is_stopped_in_time(begin: bytes, text: str) -> None:
    import socket
    from threading import Thread

    def drip() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(1 << 16)
            connection.sendall(begin)
            for _ in range(100):
                time.sleep(0.1)
                try:
                    connection.sendall(b"a")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(LimitReached, match=r"after 0\.5 s"):
            Store.open(f"http://127.0.0.1:{server.getsockname()[1]}/").query(text, timeout=0.5)
        assert time.monotonic() - started < 2


def test_an_endpoint_is_asked_for_its_graphs(listener: Listener) -> None:
    store = Store.open(listener.address)
    listener.answer = (200, JSON, b'{"head":{},"boolean":true}')
    assert store.contains_graph("a:g")
    assert store.query("ASK FROM <a:g> {}")
    assert not store.contains_graph("no iri")
    assert [parse_qs(call[3])["query"][0][:16] for call in listener.calls] == ["ASK { GRAPH <a:g"] * 2 + [
        "ASK FROM <a:g> {"
    ]


def test_an_address_in_other_letters_is_written_as_the_protocol_has_it(listener: Listener) -> None:
    listener.answer = (200, JSON, b'{"head":{},"boolean":true}')
    assert Store.open(listener.address + "/é?q=ß%20x").query("ASK {}")
    assert listener.calls[0][1] == "/sparql/%C3%A9?q=%C3%9F%20x"


def test_an_endpoint_that_answers_without_end(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.endpoint.MOST_BYTES", 1000)
    listener.answer = (200, JSON, b" " * 5000)
    with pytest.raises(LimitReached, match="larger than"):
        Store.open(listener.address).query("ASK {}")


def test_an_endpoint_that_does_not_answer() -> None:
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        store = Store.open(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(LimitReached, match=r"after 0\.3 s"):
            store.query("ASK {}", timeout=0.3)


def test_an_endpoint_that_is_not_there() -> None:
    with pytest.raises(KGError, match="cannot be reached"):
        Store.open("http://127.0.0.1:1/sparql").query("ASK {}", timeout=5)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a/b",
        "file:///etc/passwd",
        "http://",
        "https://[::1",
        "javascript://x",
        "http://a..b/",
        f"http://{'é' * 80}/",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(UsageError):
        Store.open(address)


def test_what_needs_the_data_here_says_so(listener: Listener) -> None:
    store = Store.open(listener.address)
    for call in (store.quads, store.dump, store.to_rdflib):
        with pytest.raises(UsageError, match="is an endpoint"):
            call()
