from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotFound, UsageError
from kg.namespaces import PREFIXES, short
from kg.search import AGENT_WORD, EXACT, INITIALS, PREFIX, SUBSTRING, WORD_PREFIX, fold, resolve, search
from kg.store import Store

MPA = PREFIXES["org"] + "port-authority"


def found(store: Store, text: str) -> list[str]:
    return [short(match.iri) for match in search(store, text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ROK–Singapore", "rok-singapore"),
        ("한·싱가포르", "한 싱가포르"),
        ("Société", "societe"),
        ("ＭＰＡ", "mpa"),
        ("M.P.A.", "MPA"),
        ("Lee’s", "lees"),
        ("STRASSE", "straße"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_ways_of_writing_that_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "rank", "curie"),
    [
        ("singapore", EXACT, "co:sgp"),
        ("싱가포르", EXACT, "co:sgp"),
        ("한국", EXACT, "co:kor"),
        ("tan wei", AGENT_WORD, "person:tan"),
        ("authority", AGENT_WORD, "org:port-authority"),
        ("auth mari", WORD_PREFIX, "org:port-authority"),
        ("항만", PREFIX, "org:gazette"),
        ("작전", SUBSTRING, "org:sea-command"),
        ("연구", SUBSTRING, "org:harbour-institute"),
        ("한싱가포르 해양", PREFIX, "agr:sea-framework-2019"),
        ("societe generale", AGENT_WORD, "org:sea-command"),
        ("hi", INITIALS, "org:harbour-institute"),
        ("mpa", EXACT, "org:port-authority"),
        ("org:port-authority", EXACT, "org:port-authority"),
        ("port-authority", EXACT, "org:port-authority"),
    ],
)
def test_ranks(tiny: Store, text: str, rank: int, curie: str) -> None:
    match = next(match for match in search(tiny, text) if short(match.iri) == curie)
    assert match.rank == rank


@pytest.mark.parametrize("text", ["한국항만연구원과", "한국항만연구원은", "싱가포르에서"])
def test_a_particle_at_the_end_does_not_matter(tiny: Store, text: str) -> None:
    assert search(tiny, text)


def test_latin_letters_inside_a_word_are_no_match(tiny: Store) -> None:
    assert found(tiny, "ort") == []


def test_a_person_comes_before_remarks_that_begin_with_the_name(tiny: Store) -> None:
    assert found(tiny, "tan")[0] == "person:tan"


def test_better_matches_come_first_and_preferred_names_before_aliases(tiny: Store) -> None:
    assert found(tiny, "port") == [
        "org:harbour-institute",  # its alias is just that
        "org:port-authority",
        "org:gazette",  # begins with it
        "agr:port-mou-2020",
        "doc:herald",
        "event:2020-05-05-port-signing",  # has a word of it
    ]


def test_two_syllables_inside_longer_words(tiny: Store) -> None:
    assert found(tiny, "항만")[-1] == "org:port-authority"  # 해사항만청
    assert "org:harbour-institute" in found(tiny, "항만")  # 한국항만연구원


def test_a_thing_is_found_once_by_its_best_name(tiny: Store) -> None:
    assert found(tiny, "Korea").count("co:kor") == 1


def test_codes_schemes_and_evidence_are_not_things(tiny: Store) -> None:
    assert found(tiny, "asserted") == []
    assert found(tiny, "gazette-p02-s1") == []


def test_nothing_to_search_for(tiny: Store) -> None:
    for text in ("", "  ", "·–."):
        with pytest.raises(UsageError):
            search(tiny, text)


def test_characters_of_query_languages_are_only_characters(tiny: Store) -> None:
    for text in ('"} ?s ?p ?o {"', "\\", "%_", ".*", "\x00", "(" * 500):
        with contextlib.suppress(UsageError):  # nothing but punctuation
            assert len(search(tiny, text)) < 3


@pytest.mark.parametrize(
    "text",
    [
        "org:port-authority",
        MPA,
        f"<{MPA}>",
        "port-authority",
        "Maritime and Port Authority",
        "maritime and port authority ",
        "해사항만청",
        "M.P.A.",
        "mpa",
    ],
)
def test_every_way_to_name_a_thing(tiny: Store, text: str) -> None:
    assert resolve(tiny, text) == MPA


def test_a_thing_comes_before_a_document_of_the_same_slug(tiny: Store) -> None:
    assert resolve(tiny, "herald") == PREFIXES["org"] + "herald"
    assert resolve(tiny, "doc:herald") == PREFIXES["doc"] + "herald"


def test_a_name_of_several_things_lists_them(tiny: Store) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(tiny, "Port")
    assert "org:harbour-institute, org:port-authority" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Singapour", "co:sgp"),
        ("싱가폴", "co:sgp"),
        ("port-autority", "org:port-authority"),
        ("org:port-autority", "org:port-authority"),
        ("Framework", "agr:sea-framework-2019"),
        ("https://w3id.org/krsg/org/gazete", "org:gazette"),
    ],
)
def test_a_typo_gets_suggestions(tiny: Store, text: str, meant: str) -> None:
    with pytest.raises(NotFound) as caught:
        resolve(tiny, text)
    assert meant in caught.value.suggestions


def test_people_and_bodies_are_suggested_before_what_is_about_them(tiny: Store) -> None:
    with pytest.raises(NotFound) as caught:
        resolve(tiny, "wei ming")
    assert caught.value.suggestions[0] == "person:tan"


def test_nothing_near_is_said_plainly(tiny: Store) -> None:
    with pytest.raises(NotFound) as caught:
        resolve(tiny, "zzzzzzzz")
    assert caught.value.suggestions == ()


@pytest.mark.parametrize("text", ["", "  ", "<>", "http://a b/", "<http://[>"])
def test_what_is_no_name_at_all(tiny: Store, text: str) -> None:
    with pytest.raises((UsageError, NotFound)):
        resolve(tiny, text)
