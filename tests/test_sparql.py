from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph

from kg import sparql
from kg.errors import KGError, QueryError, QueryRefused
from kg.namespaces import PREFIXES
from kg.store import Store

#: Refused by the engine's HTTP client before any packet leaves, so that an attempt is seen and nothing is sent.
AWAY = "http://127.0.0.1:9/"

#: Each of these makes the engine turn to the address: the guard must see it coming.
HIDDEN = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT*{SERVICE<%s>{}}",
    "SELECT * { service <%s> { } }",
    "SELECT * { SeRvIcE\t<%s>\n{ } }",
    "SELECT * { SERVICE # a comment\n <%s> # another { \n { } }",
    "SELECT * { SERVICE#'\r<%s>#\"\n{}#'\n}",
    "PREFIX x: <%s> SELECT * { SERVICE x: { } }",
    "PREFIX x: <%s> SELECT * { SERVICEx:{} }",
    "PREFIX service: <%s> SELECT * { service service: { } }",
    "PREFIX : <%s> PREFIX service: <http://a/> SELECT * { service:x{ ?s ?p ?o } }",
    "PREFIX : <%s> SELECT * { ?s ?p ?o OPTIONAL { SERVICE : { } } }",
    "SELECT * { ?s ?p ?o { SELECT * { SERVICE <%s> { } } } }",
    "SELECT * { ?s ?p ?o LATERAL { SERVICE <%s> { } } }",
    "SELECT * { ?s ?p 1SERVICE<%s>{} }",
    "SELECT * { ?s ?p 1.SERVICE<%s>{} }",
    "SELECT * { ?s ?p ?o.SERVICE<%s>{} }",
    "SELECT * { ?s ?p ?o FILTER(?o<#>'\n3) SERVICE<%s>{} }#'",
    "SELECT * { ?s ?p ?o BIND(<<(<a:a><b:b>'>')>> AS ?t) SERVICE<%s>{} FILTER(''='') }",
    "SELECT * { BIND('''it''s \\'''' AS ?a) SERVICE<%s>{} BIND(''''x''' AS ?b) }",
    'SELECT * { BIND("""#""" AS ?a) SERVICE<%s>{} }',
    "SELECT * { BIND(<http://a/it's> AS ?a) SERVICE<%s>{} BIND(<http://a/it's> AS ?b) }",
    "SELECT * { BIND(<http://a#b> AS ?a) SERVICE<%s>{} }",
    "PREFIX a: <http://a/> SELECT * { BIND(a:\\'b AS ?a) SERVICE<%s>{} BIND(a:\\'b AS ?b) }",
    "PREFIX a: <http://a/> SELECT * { BIND(a:\\#b AS ?a) SERVICE<%s>{} }",
    "PREFIX a: <http://a/> SELECT * { ?s ?p ?service SERVICE<%s>{} }",
    "PREFIX : <%s> SELECT * { ?s ?p ?o service:x1.\\'SERVICEex:x {}#'\n}",
    "PREFIX a: <http://a/> SELECT * { BIND(a:b.\\'c AS ?a) SERVICE<%s>{} BIND(a:b.\\'c AS ?b) }",
    "BASE <%s> SELECT * { SERVICE <'>{} }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <%s> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <%s> { ?s ?p ?o } }",
    "ASK{SERVICE<%s>{}}",
    "VERSION '1.2' ASK{SERVICE<%s>{}}",
]

#: Refused too, though the engine happens not to get to the request, or not to read it so.
REFUSED = [
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<%s>{} }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <%s> { } } }",
    "SELECT * { ?s ?p ?o FILTER(?o<'>') SERVICE<%s>{} FILTER(''='') }",
    "SELECT * { SERVICE ?where { ?s ?p <%s> } }",
    "SELECT * { \\u0053ERVICE <%s> { } }",
    "SELECT * { SERVIC\\U00000045 <%s> { } }",
    "SELECT * { BIND('a\\u0027) SERVICE <%s> { } BIND('' AS ?x) }",
]

#: Valid queries with the word in them: none may be refused.
INNOCENT = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT ?service ?x { ?service ?p ?x }",
    "SELECT $SERVICE { $SERVICE ?p ?o }",
    "SELECT * { ?s <http://a/SERVICE> ?o }",
    "SELECT * { ?s <http://a/#SERVICE> ?o }",
    "SELECT * { ?s <http://a/it's> ?service . ?service <http://a/it's> ?x { ?s ?p ?o } }",
    "PREFIX ex: <http://a/> SELECT * { ?s ex:SERVICE ?o }",
    "PREFIX ex: <http://a/> SELECT * { ?s ex:service ?x { ?s ?p ?o } }",
    "PREFIX service: <http://a/> SELECT * { ?s service:x ?o . service:y ?p ?o }",
    "PREFIX service: <http://a/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX service: <http://a/> DESCRIBE service:x { ?s ?p ?o }",
    "PREFIX service: <http://a/> DESCRIBE ?s service:x service:y { ?s ?p ?o }",
    "SELECT * { ?s ?p 'SERVICE <http://a/> { }' }",
    'SELECT * { ?s ?p "SERVICE <http://a/> { }"@en-service }',
    "SELECT * { ?s ?p '''a ' SERVICE\n <http://a/> { }''' }",
    'SELECT * { ?s ?p """a "\\""" SERVICE <http://a/> { }""" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://a/> { }",
    "# SERVICE <http://a/> { }\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p _:service }",
    "SELECT (COUNT(*) AS ?service) { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*)<5) ORDER BY ?service",
    "SELECT * { ?s ?p ?o FILTER(?o<3&&4>?o) } # service",
    "SELECT * { ?s krsg:from ?from ; krsg:fromEarliest ?o FILTER(CONTAINS(STR(?s), 'load, insert, drop')) }",
    "SELECT ?insert ?delete ?load { ?insert ?delete ?load }",
]


def never(iri: str) -> bool:
    return False


@pytest.fixture(scope="module")
def engine() -> Oxigraph:
    store = Oxigraph()
    store.load(b"<http://a/s> <http://a/p> 1 .", format=RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("template", HIDDEN)
def test_service_is_refused_wherever_it_hides(template: str, engine: Oxigraph) -> None:
    text = template.replace("%s", AWAY)
    with pytest.raises(OSError, match="port 9"):  # it really is a way out
        list(engine.query(text, prefixes=PREFIXES))  # type: ignore[arg-type]
    with pytest.raises(QueryRefused, match="SERVICE asks another server"):
        sparql.check(text, never)


@pytest.mark.parametrize("template", REFUSED)
def test_service_is_refused_though_it_may_be_harmless(template: str) -> None:
    with pytest.raises(QueryRefused):
        sparql.check(template.replace("%s", AWAY), never)


@pytest.mark.parametrize("text", INNOCENT)
def test_the_word_alone_is_not_refused(text: str, engine: Oxigraph) -> None:
    engine.query(text, prefixes=PREFIXES)
    sparql.check(text, never)


_FRAGMENTS = (
    "' '' ''' \" \"\"\" < > << <<( )>> # #\n \n \\ \\' ?o ?o< 1 1. true <'> <#> <http://x#a> <http://x'a> ex:a\\' ex: "
    "service: @en-x { } ( ) . ; , FILTER( FILTER(?o< BIND( && = EXISTS OPTIONAL{ a * / ^ SERVICE SILENT VALUES "
    "GRAPH?g{ IN( ex:x{} SERVICE?s{} FILTER(''="
).split(" ")


@given(st.integers(0, 2**32))
def test_no_text_gets_past_the_guard(seed: int) -> None:
    """Texts cut together at random: whichever makes the engine call out must have been refused."""
    chance, engine = random.Random(seed), Oxigraph()
    engine.load(b"<http://a/s> <http://a/p> 1 .", format=RdfFormat.TURTLE)
    for _ in range(20):
        before = "".join(chance.choice(_FRAGMENTS) + chance.choice(["", " "]) for _ in range(chance.randrange(4)))
        opening = chance.choice(["{", "{?s ?p ?o ", "{?s ?p ?o FILTER(?o<", "{?s ?p ", "{BIND(1<"])
        middle = chance.choice(["SERVICE<%s>{}", " SERVICE ex:{}", "service:{}", "SERVICEex:{}", "SERVICE#\nex:\n{}"])
        closing = chance.choice(["}", "'}", "''')}", ")}", "#'\n}", " FILTER(''='')}"])
        text = f"SELECT * {opening}{before}{middle.replace('%s', AWAY)}{closing}"
        try:
            list(engine.query(text, prefixes={"ex": AWAY, "": AWAY, "service": AWAY}))  # type: ignore[arg-type]
        except OSError:
            with pytest.raises(QueryRefused):
                sparql.check(text, never)
        except (SyntaxError, RuntimeError):
            pass


def test_from_a_graph_of_the_dataset_is_let_through(tiny: Store) -> None:
    rows = tiny.query("SELECT ?s FROM ev:herald-p02-s2 { ?s krsg:topic topic:shipping }")
    assert [row["s"].value for row in rows] == [PREFIXES["agr"] + "port-mou-2020"]
    assert tiny.query("ASK FROM NAMED ev:herald-p02-s2 FROM NAMED ev:herald-p02-s1 { GRAPH ?g { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1/> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT*FROM<file:x>{?s ?p ?o}",
        "ASKFROM<file:x>{?s ?p ?o}",
        "SELECT*FROMNAMED<file:x>{?s ?p ?o}",
        "PREFIX f: <file:> SELECT * FROM f:x { ?s ?p ?o }",
        "SELECT * from # ev:herald-p02-s2\n <file:x> { ?s ?p ?o }",
        "SELECT * FROM <not an IRI> { ?s ?p ?o }",
        "SELECT * FROM <relative> { ?s ?p ?o }",
    ],
)
def test_from_elsewhere_is_refused(tiny: Store, text: str) -> None:
    with pytest.raises(QueryError):
        tiny.query(text)


def test_several_from_are_refused_and_the_reason_given(tiny: Store) -> None:
    for text in (
        "SELECT * FROM ev:herald-p02-s1 FROM ev:gazette-p02-s1 { ?s ?p ?o }",
        "SELECT * FROM ev:herald-p02-s1 FROM ev:herald-p02-s1 { ?s ?p ?o }",
    ):
        with pytest.raises(QueryRefused, match="counted once for each"):
            tiny.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <b:b> <c:c> }",
        "# first a comment\nPREFIX a: <b:>\ndelete where { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "WITH <a:g> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "ADD DEFAULT TO <a:g>",
        "MOVE <a:g> TO DEFAULT",
        "COPY <a:g> TO DEFAULT",
        "CREATE GRAPH <a:g>",
        "DROP ALL",
    ],
)
def test_updates_are_refused_by_name(tiny: Store, text: str) -> None:
    with pytest.raises(QueryRefused, match="is an update"):
        tiny.query(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("select*{}", "SELECT"),
        ("ASK{}", "ASK"),
        ("BASE <http://a/> PREFIX select: <http://a/> # ASK\nCONSTRUCT WHERE {}", "CONSTRUCT"),
        ("VERSION '1.2' DESCRIBE <a:a>", "DESCRIBE"),
        ("INSERT DATA {}", "INSERT"),
        ("", ""),
        ("nonsense", ""),
        ("{ SELECT }", ""),
    ],
)
def test_forms_are_recognised(text: str, form: str) -> None:
    assert sparql.form(text) == form


def problem(tiny: Store, text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        tiny.query(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("SELECT * { ?s ?p ", "line 1, column 17", "ends too early"),
        ("SELECT * {\n ?s \n\n  ?p ?x ?z }", "line 4, column 9", "unexpected ?z"),
        ('SELECT * {\r\n ?s "나라" ?x }', "line 2, column 5", 'unexpected "나라"'),
        ("SELCT * {}", "line 1, column 1", "unexpected SELCT"),
        ("SELECT * { ?s ?p 'a }", "line 1, column 18", "string is not closed"),
        ("SELECT (AVG(?x) AS ?a) ?s { ?s ?p ?x }", "line 1, column 39", "SELECT contains a variable that is unbound"),
        ("SELECT ?x { ?s ?p ?x }}", "line 1, column 23", "unexpected }"),
        ("SELECT ?x WHERE { ?s <a b> ?x }", "line 1, column 26", "IRI parsing failed"),
        ("SELECT ?x { ?s rdfs:label ?x FILTER(LANG(?x)=en) }", "line 1, column 46", "unexpected en"),
    ],
)
def test_wrong_syntax_is_placed(tiny: Store, text: str, where: str, what: str) -> None:
    message = problem(tiny, text).message
    assert message.startswith(where)
    assert what in message.splitlines()[0]


def test_the_caret_stands_under_the_fault_also_after_wide_characters(tiny: Store) -> None:
    lines = problem(tiny, 'SELECT * { ?s ?p "가나" ?z }').message.splitlines()
    assert lines[1].index("?z") + len("가나") == lines[2].index("^")  # Hangul takes two columns each


def test_of_a_long_line_only_the_part_around_the_fault_is_shown(tiny: Store) -> None:
    shown, caret = problem(tiny, "SELECT * { " + "?s ?p ?o . " * 200 + "?s ?z }").message.splitlines()[1:]
    assert len(shown) < 130
    assert shown[caret.index("^")] == "}"


def test_an_unknown_prefix_is_named_with_the_nearest(tiny: Store) -> None:
    error = problem(tiny, "SELECT * { ?s krg:party ?x FILTER(skso:f(?x)) }")
    assert "unknown prefix krg:" in error.message
    assert "Did you mean krsg:" in error.hint
    assert "unknown prefix ab:" in problem(tiny, "SELECT * { ?s ?p ?x FILTER(ab:c(?x)) }").message


def test_missing_and_spare_brackets_are_counted(tiny: Store) -> None:
    assert problem(tiny, "SELECT * { { ?s ?p ?o ").hint == "2 } missing."
    assert problem(tiny, "SELECT * { ?s ?p ?o }}").hint == "1 } too many."


def test_an_empty_query_gets_an_example(tiny: Store) -> None:
    assert "kg query" in problem(tiny, " # nothing\n").hint


def test_an_unknown_function_is_an_error_of_the_query(tiny: Store) -> None:
    assert "not supported" in problem(tiny, "SELECT * { ?s ?p ?o FILTER(<http://a/f>(?o)) }").message


def test_prefixes_are_declared_in_front_only_where_missing() -> None:
    text = "PREFIX org: <http://mine/> SELECT * { ?s a org:x ; krsg:party co:kor }"
    front = sparql.with_prefixes(text).removesuffix(text)
    assert front == f"PREFIX co: <{PREFIXES['co']}> PREFIX krsg: <{PREFIXES['krsg']}> "


def test_the_query_s_own_prefix_wins(tiny: Store) -> None:
    rows = tiny.query("PREFIX org: <http://mine/> SELECT (STR(org:x) AS ?x) {}")
    assert rows[0]["x"].value == "http://mine/x"


@given(st.text(alphabet="?$@:<>#'\"\\{}()ab1.-_ \n,;%", max_size=40))
def test_cutting_covers_every_character_that_is_no_space_or_comment(text: str) -> None:
    position = 0
    for _, start, end in sparql.tokens(text):
        assert position <= start < end <= len(text)
        position = end


@pytest.mark.parametrize(
    "part", ["<#>", "#\r", "# #\n", "<'>", "<'#>", "<'''>", "<", "'\\a", "a\\'", "\\u0027"], ids=lambda part: repr(part)
)
def test_the_guard_takes_time_in_proportion_to_the_text(part: str) -> None:
    def seconds(length: int) -> float:
        text = ("SELECT * { SERVICE " + part * length)[:length]
        begin = time.perf_counter()
        sparql.check(text, never)
        return time.perf_counter() - begin

    assert min(seconds(120_000) for _ in range(2)) < 12 * min(seconds(30_000) for _ in range(3)) + 0.02


def test_a_long_string_full_of_escapes_is_read_once() -> None:
    begin = time.perf_counter()
    sparql.check("SELECT * { SERVICE '" + "\\a" * 500_000 + "'", never)
    assert time.perf_counter() - begin < 5


def test_comments_end_at_either_line_end() -> None:
    for end in ("\n", "\r", "\r\n"):
        with pytest.raises(QueryRefused):
            sparql.check(f"SELECT * {{ # a # b {end} SERVICE <a:b> {{}} }}", never)
        sparql.check(f"SELECT * {{ # a {end} # SERVICE <a:b> {{}}{end} }}", never)


def test_a_query_of_no_sensible_size_is_refused() -> None:
    sparql.check("ASK {}".ljust(sparql.MOST_CHARACTERS), never)
    with pytest.raises(QueryError, match="1,048,577 characters"):
        sparql.check("ASK {}".ljust(sparql.MOST_CHARACTERS + 1), never)


@pytest.mark.parametrize(("opening", "closing"), ["{}", "()", "[]", ("{#}\n", "}"), ("{ FILTER EXISTS", "}")])
def test_brackets_nested_too_deep_are_refused(opening: str, closing: str) -> None:
    def nested(depth: int) -> str:
        return "ASK " + opening * depth + closing * depth

    sparql.check(nested(sparql.MOST_NESTED), never)
    with pytest.raises(QueryError, match="nested 101 deep"):
        sparql.check(nested(sparql.MOST_NESTED + 1), never)


def test_many_brackets_beside_each_other_are_no_nest() -> None:
    sparql.check("ASK { " + "{ ?s ?p (1 [] ')') } " * 1000 + "}", never)
    sparql.check("ASK { ?s ?p '" + "(" * 1000 + "' }", never)


@pytest.mark.parametrize(
    "text",
    [
        "ASK " + "{" * 4000 + "}" * 4000,
        "ASK {{}" + " UNION {}" * 50_000 + "}",
        "ASK { FILTER(" + "1+" * 200_000 + "1) }",
        "ASK {" + "".join(f"BIND(1 AS ?v{n})" for n in range(8000)) + "}",
    ],
    ids=["groups", "unions", "sum", "binds"],
)
def test_no_query_takes_this_process_with_it(tiny: Store, text: str) -> None:
    with pytest.raises(KGError, match="nested"):
        tiny.query(text)
    with pytest.raises(KGError, match="nested"):
        tiny.query(text, timeout=30, memory=4 << 30)
