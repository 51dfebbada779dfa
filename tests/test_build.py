"""Authored files become the made files: same every time, nothing lost, old files whole when it fails."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg import build
from kg.cli import main
from kg.errors import KGError, RecordError, StaleBuild
from kg.namespaces import EVIDENCE_INDEX, PREFIXES
from kg.record import Record
from tests.world import CARDS, GAZETTE, authored


@pytest.fixture
def world(tmp_path: Path) -> Record:
    return authored(tmp_path)


def ask(made: build.Made, question: str) -> bool:
    store = Store()
    store.load(made.triples.encode(), format=RdfFormat.TURTLE)
    store.load(made.evidence.encode(), format=RdfFormat.TRIG)
    return bool(store.query(f"ASK {{ {question} }}", prefixes=PREFIXES))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("agr:port-mou-2020 krsg:signatory co:kor", True),
        ("agr:port-mou-2020 krsg:party co:kor", True),  # a signatory is a party
        ("agr:port-mou-2020 a krsg:Agreement", True),  # superclass
        ("event:2020-05-05-port-signing a krsg:AgreementEvent , krsg:Event", True),
        ('event:2023-port-renewal krsg:earliest "2023-01-01"^^xsd:date ; krsg:latest "2023-12-31"^^xsd:date', True),
        ("agr:port-mou-2020 krsg:evidence ev:gazette-p02-s1", True),
        ("agr:port-mou-2020 krsg:evidence ev:gazette-p03-s1", False),  # there it is only an object
        ('event:2020-05-05-port-signing krsg:date "2020"', False),  # coarser: kept beside, not in
        ("event:2020-05-05-port-signing krsg:evidence ev:gazette-p03-s1-coarser", False),
        ('GRAPH ev:gazette-p03-s1-coarser { event:2020-05-05-port-signing krsg:date "2020" }', True),
        ("GRAPH ev:gazette-p02-s1 { agr:port-mou-2020 krsg:party co:sgp }", True),
        (f"GRAPH <{EVIDENCE_INDEX}> {{ ev:gazette-p03-s1-coarser krsg:support code:coarser }}", True),
        ("ev:gazette-p02-s1 krsg:inDocument doc:gazette ; krsg:support code:asserted ; a krsg:Evidence", True),
        ("code:asserted skos:prefLabel ?label", True),
    ],
)
def test_what_is_made(world: Record, question: str, answer: bool) -> None:
    assert ask(build.make(world), question) is answer


def test_building_twice_changes_nothing(world: Record) -> None:
    assert [os.path.basename(path) for path in build.write(world, build.make(world))] == [
        "evidence.trig",
        "triples.ttl",
    ]
    assert build.write(world, build.make(world)) == []
    build.check_current(world, build.make(world))


def test_order_of_authored_lines_does_not_matter(tmp_path: Path) -> None:
    header, *blocks = GAZETTE.split("\n\n")
    turned = "\n\n".join([header, *reversed(blocks)])
    assert build.make(authored(tmp_path / "a")).triples == build.make(authored(tmp_path / "b", source=turned)).triples


def test_no_blank_nodes_are_made(world: Record) -> None:
    made = build.make(world)
    assert "_:" not in made.triples + made.evidence
    assert "[" not in made.triples.replace("[^", "")


def test_check_finds_an_edited_file(world: Record, capsys: pytest.CaptureFixture[str]) -> None:
    build.write(world, build.make(world))
    Path(world.triples).write_text(Path(world.triples).read_text() + "# by hand\n")
    with pytest.raises(StaleBuild, match=r"data/triples\.ttl"):
        build.check_current(world, build.make(world))
    assert main(["build", "--check", "--record", world.root]) == 3
    assert "kg build" in capsys.readouterr().err


BROKEN = {
    "broken TriG": (
        "krsg:paragraph 3 ; krsg:sentence 1 .\nev:gazette-p03-s1 {",
        "krsg:paragraph 3 ; ; . {",
        r"\.trig:\d+: ",
    ),
    "unknown term": (
        'krsg:concerns agr:port-mou-2020 ; krsg:date "2020',
        'krsg:concernz agr:port-mou-2020 ; krsg:date "2020',
        r":\d+: krsg:concernz: .*not a term.*\n.*Did you mean krsg:concerns",
    ),
    "outside slip": ("dcterms:title", "dcterms:titel", r"titel.*not a term"),
    "unknown class": ("a krsg:NewsArticle", "a krsg:NewsArtikle", r":\d+: krsg:NewsArtikle: is not a class"),
    "bad date": ('krsg:date "2020-05-05"', 'krsg:date "5 May 2020"', r":\d+: 5 May 2020: .*EDTF"),
    "impossible day": ('krsg:date "2020-05-05"', 'krsg:date "2020-02-31"', r"2020-02-31"),
    "bidi override": (
        '"Harbour news"',
        '"Harbour \\u202Eswen"',
        r"dcterms:title: holds the invisible character U\+202E",
    ),
    "a text for a thing": (
        "krsg:publisher org:gazette",
        'krsg:publisher "org:gazette"',
        r"krsg:publisher: takes a thing",
    ),
    "a thing for a text": ('krsg:date "2023-06-01"', "krsg:date org:gazette", r"krsg:date: takes a text"),
    "a paragraph that is no number": ("krsg:paragraph 3", 'krsg:paragraph "x"', r"krsg:paragraph: takes a number"),
    "a paragraph beyond counting": (
        "krsg:paragraph 3",
        "krsg:paragraph " + "1" * 31,
        r"krsg:paragraph: takes a number",
    ),
    "two levels of support": (
        "krsg:support code:coarser",
        "krsg:support code:coarser , code:asserted",
        r"krsg:support: is given 2 times",
    ),
    "a passage about a document": (
        'krsg:date "2023" .',
        'krsg:date "2023" . doc:other krsg:wholeText true .',
        r"doc:other: a passage cannot state",
    ),
    "a passage about a passage": (
        'krsg:date "2023" .',
        'krsg:date "2023" . ev:other krsg:speaker co:kor .',
        r"ev:other: a passage cannot state",
    ),
    "a name in a passage": (
        'krsg:date "2023" .',
        'krsg:date "2023" . co:kor krsg:iso3 "PRK" .',
        r"krsg:iso3: names and identifiers stand on cards",
    ),
    "a text that turns": (
        '"Harbour news"@en',
        '"Harbour news"@en--rtl',
        r"dcterms:title: with a text that sets its direction",
    ),
    "blank node": ("krsg:participant co:kor , co:sgp", "krsg:participant []", r"krsg:participant: .*blank node"),
    "fact outside a passage": (
        "# ¶2 the signing",
        "agr:port-mou-2020 krsg:party co:kor .\n",
        r"krsg:party: a fact outside a passage; facts need evidence",
    ),
    "graph without evidence": (
        "ev:gazette-p03-s1-coarser\n",
        "ev:gazette-other\n",
        r"ev:gazette-other: is described, but states nothing",
    ),
    "another document": ("doc:gazette a ", "doc:other a krsg:NewsArticle .\ndoc:gazette a ", r"describes 2 documents"),
    "evidence of another document": (
        "ev:gazette-p02-s1\n",
        "ev:gazette-p02-s1 krsg:inDocument doc:elsewhere ;\n",
        r"another document",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_source_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    old, new, message = BROKEN[name]
    assert old in GAZETTE
    with pytest.raises(RecordError, match=message) as caught:
        build.make(authored(tmp_path, source=GAZETTE.replace(old, new, 1), locate=False))
    assert caught.value.path.endswith("2023-06-01-gazette-harbour.trig")
    assert caught.value.exit_code == 3


def test_the_line_named_is_the_line_at_fault(tmp_path: Path) -> None:
    source = GAZETTE.replace('krsg:date "2023" .', 'krsg:dat "2023" .')
    wanted = next(n for n, line in enumerate(source.splitlines(), 1) if "krsg:dat " in line)
    with pytest.raises(RecordError) as caught:
        build.make(authored(tmp_path, source=source, locate=False))
    assert (caught.value.line, caught.value.term) == (wanted, "krsg:dat")


def test_a_card_of_a_document_is_refused(tmp_path: Path) -> None:
    cards = CARDS + '<https://w3id.org/krsg/document/gazette> skos:prefLabel "Gazette"@en .\n'
    with pytest.raises(RecordError, match="has no card"):
        build.make(authored(tmp_path, cards=cards))


NEW_CARD = 'org:pilots a krsg:Association ; skos:prefLabel "Harbour Pilots"@en , "도선사회"@ko .\n'


def article(name: str) -> str:
    """One more source file: a document that brings an association into the record, with its card."""
    skos = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    text = GAZETTE.partition("# ¶2")[0].replace("doc:gazette", f"doc:{name}")
    text = re.sub("krsg:wholeText true.*", "krsg:wholeText false .\n\n", text, flags=re.DOTALL)
    passage = f"ev:{name}-pilots krsg:support code:asserted .\n"
    return skos + text + NEW_CARD + passage + f"ev:{name}-pilots {{ org:pilots krsg:country co:sgp . }}\n"


def test_a_source_file_may_hold_the_cards_of_what_it_brings_in(world: Record) -> None:
    Path(world.sources, "2024-gazette-pilots.trig").write_text(article("pilots"))
    made = build.make(world)
    assert 'skos:prefLabel "Harbour Pilots"@en , "도선사회"@ko' in made.triples
    assert "Harbour Pilots" not in made.evidence
    assert made.counts["entities"] == 7


def git(folder: str, *words: str) -> None:
    """Run git as somebody whose settings are not asked for."""
    author = ["-c", "user.name=An Author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)


def test_two_authors_who_add_two_articles_do_not_conflict(world: Record) -> None:
    root = os.path.dirname(os.path.dirname(world.sources))
    git(root, "init", "--initial-branch", "main")
    git(root, "add", "ontology", "data/sources", "data/entities")
    git(root, "commit", "-m", "The record")
    for name in ("mine", "theirs"):  # both need the same new association, and each has written its card
        git(root, "switch", "-c", name, "main")
        Path(world.sources, f"2024-gazette-{name}.trig").write_text(article(name))
        git(root, "add", "data/sources")
        git(root, "commit", "-m", f"An article: {name}")
    git(root, "merge", "mine")
    made = build.make(world)
    assert made.counts["documents"] == 3
    assert made.triples.count('"Harbour Pilots"@en') == 1


def test_a_file_where_a_folder_should_be_is_named(world: Record) -> None:
    for path in Path(world.sources).iterdir():
        path.unlink()
    Path(world.sources).rmdir()
    Path(world.sources).write_text("")
    with pytest.raises(RecordError, match="a folder is expected"):
        build.make(world)


def test_a_pipe_among_the_sources_does_not_hang(world: Record) -> None:
    os.mkfifo(os.path.join(world.sources, "pipe.trig"))
    assert build.make(world).counts["documents"] == 1


def test_a_file_that_is_not_utf8_is_named_also_in_a_comment(world: Record) -> None:
    path = Path(world.entities) / "cards.ttl"
    path.write_bytes(path.read_bytes() + b"# caf\xe9\n")
    with pytest.raises(RecordError, match=r"cards\.ttl:\d+: not UTF-8"):
        build.make(world)


def test_a_text_of_many_megabytes_is_refused(world: Record) -> None:
    path = Path(world.entities) / "cards.ttl"
    path.write_text(path.read_text() + f'co:kor skos:altLabel "{"x" * 17_000_000}"@en .\n')
    with pytest.raises(RecordError, match="many megabytes"):
        build.make(world)


def test_made_files_that_are_no_text_count_as_stale(world: Record) -> None:
    build.write(world, build.make(world))
    Path(world.triples).write_bytes(b"\xff")
    with pytest.raises(StaleBuild):
        build.check_current(world, build.make(world))
    assert build.write(world, build.make(world)) == [world.triples]


def test_a_card_that_states_a_fact_is_refused(tmp_path: Path) -> None:
    cards = CARDS.replace('krsg:iso3 "KOR"', "krsg:country co:sgp")
    with pytest.raises(RecordError, match="a card states a fact"):
        build.make(authored(tmp_path, cards=cards))


def test_one_evidence_node_in_two_files_is_refused(world: Record) -> None:
    other = Path(world.sources) / "2023-06-02-copy.trig"
    other.write_text(GAZETTE)
    with pytest.raises(RecordError, match="already described"):
        build.make(world)


def test_two_authors_adding_two_articles_touch_no_common_file(world: Record) -> None:
    one = GAZETTE.replace("doc:gazette", "doc:one").replace("ev:gazette", "ev:one")
    two = GAZETTE.replace("doc:gazette", "doc:two").replace("ev:gazette", "ev:two")
    (Path(world.sources) / "one.trig").write_text(one)
    (Path(world.sources) / "two.trig").write_text(two)
    assert build.make(world).counts["documents"] == 3


def test_an_unwritable_folder_leaves_the_old_files(world: Record) -> None:
    build.write(world, build.make(world))
    before = Path(world.triples).read_bytes()
    made = build.make(world)
    made.triples += "# more\n"
    made.evidence += "# more\n"
    with pytest.raises(KGError, match="old files are as they were"), _no_file_may_grow():
        build.write(world, made)
    assert Path(world.triples).read_bytes() == before
    assert [name for name in os.listdir(os.path.dirname(world.triples)) if name.endswith(".part")] == []


class _no_file_may_grow:
    """A full disk, as the kernel reports it: writing past a limit fails."""

    def __enter__(self) -> None:
        self.old = resource.getrlimit(resource.RLIMIT_FSIZE)
        self.handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, self.old[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self.old)
        signal.signal(signal.SIGXFSZ, self.handler)


def test_a_build_killed_while_writing_leaves_the_old_files(world: Record) -> None:
    """The child stops half-way through a part file and is killed there, for real."""
    build.write(world, build.make(world))
    before = {path: Path(path).read_bytes() for path in (world.triples, world.evidence)}
    script = (
        "import sys, time\n"
        "from kg import build, files\nfrom kg.record import Record\n"
        "def stall(path, text):\n"
        "    with open(path, 'w') as file:\n"
        "        file.write(text[: len(text) // 2]); file.flush()\n"
        "        print('half', flush=True); time.sleep(60)\n"
        "files._write_through = stall\n"
        f"record = Record({world.root!r}); made = build.make(record); made.triples += '#'\n"
        "build.write(record, made)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout and child.stdout.readline() == "half\n"
        child.kill()
    assert {path: Path(path).read_bytes() for path in before} == before
    made = build.make(world)
    made.triples += "# new\n"
    assert build.write(world, made) == [world.triples]
    assert [name for name in os.listdir(os.path.dirname(world.triples)) if name.endswith(".part")] == []


def test_the_command_makes_the_files(world: Record, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--record", world.root]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "1 documents, 3 evidence" in told.err
    assert main(["build", "--check", "--quiet", "--record", world.root]) == 0
    assert Path(world.triples).read_text().startswith("# Made by `kg build`")


def test_a_folder_without_a_record_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--record", str(tmp_path)]) == 1
    assert "no record here" in capsys.readouterr().err
