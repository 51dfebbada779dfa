"""Named questions: SPARQL files beside this one, each with a title, a reader, and parameters with defaults.

A file runs as it stands on any engine. Its header is made of comments::

    # title-en: Which agreements is an agency a side of?
    # title-ko: 어떤 기관이 당사자인 합의는 무엇인가?
    # who: business chamber
    # param agency: org:hsa  the agency
    SELECT ?agreement { VALUES ?agency { org:hsa } ?agreement krsg:party ?agency }

A parameter is the ``VALUES`` block of its variable: setting it puts another term between the braces.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kg import sparql
from kg.errors import KGError, NotFound, UsageError
from kg.namespaces import expand
from kg.store import Store

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Parameter(NamedTuple):
    """A variable of a question that may be set.

    :ivar default: a term as SPARQL writes it, such as ``org:hsa`` or ``"2025"``
    """

    name: str
    default: str
    description: str


class Question(NamedTuple):
    """One named question.

    :ivar slug: the file's name without ``.rq`` and without its number
    :ivar number: the file's number, ``""`` if it has none
    :ivar who: for whom it was written
    :ivar note: what its author says of its answers, such as what the record does not hold yet
    :ivar text: the whole file
    """

    slug: str
    number: str
    title: dict[str, str]
    who: str
    note: str
    parameters: tuple[Parameter, ...]
    text: str

    def bound(self, store: Store, settings: Mapping[str, str]) -> str:
        """The query with parameters set.

        :param settings: parameter → value: an entity in any form where the default is one, else a literal
        :raises UsageError: if there is no such parameter
        :raises NotFound: if an entity is not in the store
        """
        text = self.text
        for name, value in settings.items():
            text = _set(text, self._parameter(name), _term(store, self._parameter(name).default, value))
        return text

    def _parameter(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        raise UsageError(
            f"question {self.slug} has no parameter {name!r}",
            hint=f"It has: {', '.join(names)}" if names else "It has none.",
        )


def all_questions(folder: str = FOLDER) -> list[Question]:
    """Every question, in the order of the file names.

    :raises KGError: if a file's header is wrong, naming it
    """
    return [read(os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.endswith(".rq")]


def find(name: str, questions: list[Question]) -> Question:
    """The question of that number, slug, or beginning of a slug.

    :raises UsageError: if several slugs begin so
    :raises NotFound: if none does, with the nearest
    """
    wanted = name.lower().removesuffix(".rq").strip()
    stem = wanted.lstrip("q0") if wanted.lstrip("q").isdigit() else wanted
    exact = [q for q in questions if wanted in (q.slug, f"{q.number}-{q.slug}") or (q.number and stem == _bare(q))]
    found = exact or [q for q in questions if wanted and q.slug.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"several questions begin with {name!r}", hint=", ".join(q.slug for q in found))
    slugs = [q.slug for q in questions]
    near = [slug for slug in slugs if wanted and wanted in slug] + get_close_matches(wanted, slugs, n=3, cutoff=0.4)
    suggestions = tuple(dict.fromkeys(near))[:5]
    raise NotFound(f"no question {name!r}", suggestions=suggestions, hint="'kg questions' lists them.")


def read(path: str) -> Question:
    """Read one file.

    :raises KGError: if a title is missing, or a parameter has no ``VALUES`` block
    """
    with open(path, encoding="utf-8") as file:
        text = file.read()
    stem = os.path.basename(path).removesuffix(".rq")
    head, _, rest = stem.partition("-")
    number, slug = (head.lstrip("q"), rest) if head.lstrip("q").isdigit() and rest else ("", stem)
    fields = _header(text)
    titles = {language: fields.get(f"title-{language}", "") for language in ("en", "ko")}
    if not all(titles.values()):
        raise KGError(f"{os.path.basename(path)}: needs '# title-en:' and '# title-ko:'")
    parameters = tuple(_parameter(key[6:].strip(), value) for key, value in fields.items() if key.startswith("param "))
    for parameter in parameters:
        _set(text, parameter, parameter.default)
    return Question(slug, number, titles, fields.get("who", ""), fields.get("note", ""), parameters, text)


def _bare(question: Question) -> str:
    return question.number.lstrip("0")


def _header(text: str) -> dict[str, str]:
    """``# key: value`` lines before the first line that is no comment."""
    fields = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.lstrip("# ").partition(":")
        if colon:
            fields[key.strip()] = value.strip()
    return fields


def _parameter(name: str, value: str) -> Parameter:
    default, _, description = value.partition("  ")
    return Parameter(name, default.strip(), description.strip())


def _set(text: str, parameter: Parameter, term: str) -> str:
    """The query with ``term`` between the braces of ``VALUES ?name { … }``."""
    cut = sparql.tokens_of(text)
    words = [text[start:end] for _, start, end in cut]
    for index in range(len(cut) - 4):
        if words[index].upper() == "VALUES" and words[index + 1] == f"?{parameter.name}" and words[index + 2] == "{":
            close = words.index("}", index + 3)
            return f"{text[: cut[index + 2][2]]} {term} {text[cut[close][1] :]}"
    raise KGError(f"parameter {parameter.name} has no VALUES ?{parameter.name} {{ … }} in its query")


def _term(store: Store, default: str, value: str) -> str:
    """A value as SPARQL writes a term: an IRI where the default is one, else a literal of the default's type."""
    if default.startswith("<") or expand(default):
        from kg.search import resolve

        return str(NamedNode(resolve(store, value)))
    if _is_number(default):
        if not _is_number(value):
            raise UsageError(f"{value!r} is not a number", hint=f"Such as {default}.")
        return value
    _check(default, value)
    _, at, rest = default.rpartition('"')
    if at and rest.startswith("@"):
        return str(Literal(value, language=rest[1:]))
    if at and rest.startswith("^^"):
        iri = rest[2:].strip("<>")
        return str(Literal(value, datatype=NamedNode(expand(iri) or iri)))
    return str(Literal(value))


def _is_number(text: str) -> bool:
    """Whether SPARQL reads the text as an integer or a decimal."""
    whole, _, part = text[text[:1] in ("+", "-") :].partition(".")
    return text.isascii() and (whole + part).isdigit() and not text.endswith(".")


def _check(default: str, value: str) -> None:
    """Refuse a value of another shape than the default's: such a question would be answered with nothing.

    :raises UsageError: naming what is expected
    """
    text, _, datatype = default[1:].rpartition('"')
    if datatype.endswith("date") and not _is_date(value):
        raise UsageError(f"{value!r} is not a date", hint=f"Expected: YYYY-MM-DD, such as {text}.")
    if len(text) == 4 and _is_number(text) and not (len(value) == 4 and value.isascii() and value.isdigit()):
        raise UsageError(f"{value!r} is not a year", hint=f"Expected: four digits, such as {text}.")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
