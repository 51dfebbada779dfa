"""SPARQL texts: their form, what they may not do, and where they are wrong.

The engine would really send a request for ``SERVICE``, and its grammar knows no word boundaries: ``1SERVICE``,
``SERVICEex:x`` and ``service:x {`` are all read as the keyword. So the guard does not look for a word; it walks
every way the text can be cut into tokens and looks for the *shape* of a clause: ``SERVICE``, a name, ``{``.
"""

from __future__ import annotations

from kg.errors import QueryError, QueryRefused
from kg.namespaces import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The four query forms.
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

#: First words of SPARQL updates: all refused, the record changes only by ``kg build``.
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")

#: Without one of these in the upper-cased text there is nothing to guard against.
_ALARMS = ("SERVICE", "FROM", "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "\\U")

#: The longest query that is read, in characters: the guard takes a second or two for the worst of that length.
MOST_CHARACTERS = 1 << 20

#: How deep brackets may stand in each other: the engine takes some hundreds, and then its process dies.
MOST_NESTED = 100

#: Wider than any keyword of the engine's grammar: tells the failing token apart from its neighbours.
_GAP = " " * 40

#: How much of a long line is shown on either side of a fault, in characters.
_MARGIN = 60

_NO_IRI = frozenset('<>"{}|^`') | frozenset(map(chr, range(33)))
_SPACE = " \t\r\n"


def form(text: str) -> str:
    r"""The query's form, one of :data:`FORMS`; an update's first word; or ``""`` when it is neither.

    >>> form("PREFIX a: <http://a/> # SELECT\nASK { ?s a:b ?o }")
    'ASK'
    """
    skip = 0
    for kind, start, end in tokens(text):
        word = text[start:end].upper()
        if skip:
            skip -= 1
        elif word in ("PREFIX", "BASE", "VERSION"):
            skip = 2 if word == "PREFIX" else 1
        elif kind != "word":
            return ""
        else:
            return next((known for known in FORMS + UPDATES if word.startswith(known)), "")
    return ""


def check(text: str, contains_graph: Callable[[str], bool]) -> None:
    """Refuse a query that would leave the dataset or count it wrongly, or that no engine can read.

    :param contains_graph: whether the dataset has a named graph of this IRI
    :raises QueryRefused: on ``SERVICE``, an update, ``FROM`` of a graph from elsewhere, or several ``FROM``
    :raises QueryError: if it is longer than :data:`MOST_CHARACTERS` or nested deeper than :data:`MOST_NESTED`
    """
    _check_size(text)
    upper = text.upper()
    if not any(word in upper for word in _ALARMS):
        return
    for reading in {text, _decoded(text)}:  # some engines decode \u0053 before they parse, ours does not
        if (first := form(reading)) in UPDATES:
            raise QueryRefused(
                f"{first} is an update, and the record is read-only here",
                hint="Change data/sources or data/entities and run: kg build",
            )
        _check_datasets(reading, _walk(reading), contains_graph)


def explain(text: str, reason: str, locate: Callable[[str], str]) -> QueryError:
    """A syntax error as people need it: line, column, the line with a caret, and what may be meant.

    :param reason: what the engine said
    :param locate: what the engine says to another text (the same one, its tokens set apart); ``""`` if nothing
    """
    if (first := form(text)) in UPDATES:
        return QueryRefused(
            f"{first} is an update, and the record is read-only here",
            hint="Change data/sources or data/entities and run: kg build",
        )
    cut = tokens_of(text)
    if not cut:
        return QueryError("the query is empty", hint="Try: kg query 'SELECT ?s { ?s a krsg:Country }'")
    padded, lines = _set_apart(text, cut)
    said = locate(padded) or reason
    index = _index_of(_line_of(said), lines)
    what, hint = _problem(text, cut, index, said)
    position = cut[index][1] if index < len(cut) else cut[-1][2]
    line, column, shown, before = _place(text, position)
    return QueryError(f"line {line}, column {column}: {what}\n  {shown}\n  {' ' * _columns(before)}^", hint=hint)


def declared(text: str) -> dict[str, str]:
    """The prefixes a query declares itself: prefix → IRI as written."""
    found, cut = {}, tokens_of(text)
    for (_, at, to), (_, start, end), (kind, first, last) in zip(cut, cut[1:], cut[2:], strict=False):
        if text[at:to].upper() == "PREFIX" and kind == "iri":
            found[text[start:end].rstrip(":")] = text[first + 1 : last - 1]
    return found


def with_prefixes(text: str) -> str:
    """The query with a declaration in front for each implied prefix that it uses and does not declare.

    For engines that cannot be told prefixes. No line is added, so that lines of error messages still fit.
    """
    own = declared(text)
    used = {text[start:end].partition(":")[0] for kind, start, end in tokens(text) if kind == "name"}
    missing = sorted((used - own.keys()) & PREFIXES.keys())
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + text


def with_columns(text: str, ask: Callable[[str], list[str]]) -> str:
    """The query with the ``*`` of its ``SELECT *`` replaced by its variables, in the order in which they appear.

    Engines put the columns of ``SELECT *`` in an order of their own; people expect the one they wrote.

    :param ask: which variables the engine says the answer to a query has
    """
    if "*" not in text:
        return text
    cut = tokens_of(text)
    words = [text[start:end].upper() for _, start, end in cut]
    place = words.index("SELECT") + 1 if "SELECT" in words else len(words)
    place += words[place : place + 1] in (["DISTINCT"], ["REDUCED"])
    if words[place : place + 1] != ["*"]:
        return text
    variables = ask(text)
    written = dict.fromkeys(text[start + 1 : end] for kind, start, end in cut if kind == "variable")
    ordered = [name for name in written if name in variables]
    if len(ordered) != len(variables) or not variables:
        return text
    _, start, end = cut[place]
    return f"{text[:start]} {' '.join(f'?{name}' for name in ordered)} {text[end:]}"


def tokens_of(text: str) -> list[tuple[str, int, int]]:
    """All tokens, see :func:`tokens`."""
    return list(tokens(text))


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Cut a query: ``(kind, start, end)`` without white space and comments.

    Kinds: ``iri``, ``string``, ``variable``, ``language``, ``name`` (``prefix:local``), ``word``, ``mark``,
    ``open`` (a string that does not end; the last token). Where ``<`` may open an IRI, it does.
    """
    position = 0
    while (position := _skip(text, position)) < len(text):
        kind, end = _token(text, position)
        yield kind, position, end
        if kind == "open":
            return
        position = end


# ── The guard ──


def _check_size(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"the query has {len(text):,} characters, and at most {MOST_CHARACTERS:,} are read",
            hint="Put long lists of terms into a file, and ask that together with the data: --data FILE",
        )
    if text.count("{") + text.count("(") + text.count("[") > MOST_NESTED and (depth := _depth(text)) > MOST_NESTED:
        raise QueryError(f"brackets are nested {depth:,} deep, and at most {MOST_NESTED} are read")


def _depth(text: str) -> int:
    """How many brackets at most are open at once."""
    depth = most = 0
    for kind, start, _ in tokens(text):
        if kind == "mark":
            depth += (text[start] in "{([") - (text[start] in "})]")
            most = max(most, depth)
    return most


def _walk(text: str) -> set[tuple[bool, str]]:
    """The dataset clauses ``(named, name as written)`` that any cutting of the text shows.

    ``<'>`` and ``<#>`` may be an IRI, or a comparison before a string or a comment: both are followed.

    :raises QueryRefused: if any cutting shows a ``SERVICE`` clause
    """
    text = text.replace("\r", "\n")  # each ends a comment, and a name holds neither
    line_ends = _LineEnds(text)
    clauses: set[tuple[bool, str, int]] = set()
    waiting, seen = [(0, "")], set()
    while waiting:
        position, state = waiting.pop()
        position = _skip(text, position, line_ends.after)
        if position >= len(text) or (position, state) in seen:
            continue
        seen.add((position, state))
        kind, end = _token(text, position)
        token = text[position:end]
        if state == "target" and text[position] == "{":
            raise QueryRefused(
                "SERVICE asks another server, and queries stay on this data",
                hint="Ask that server by its address instead: kg query --data https://… (a prefix or name that only "
                "looks like SERVICE before a '{' needs another name).",
            )
        if kind == "open":
            continue
        if state.startswith("from") and kind in ("iri", "name"):
            clauses.add((state == "from named", token, position))
        waiting.append((end, _after(state, kind, token)))
        if kind == "iri" and ("'" in token or "#" in token):
            waiting.append((position + 1, ""))
    return {(named, token) for named, token, _ in clauses} | _repeated(clauses)


def _repeated(clauses: set[tuple[bool, str, int]]) -> set[tuple[bool, str]]:
    """``FROM <a> FROM <a>`` is two clauses, though the names are equal."""
    defaults = [token for named, token, _ in clauses if not named]
    return {(False, "")} if len(defaults) > len(set(defaults)) else set()


def _after(state: str, kind: str, token: str) -> str:
    """What may come next: ``service`` a target, ``target`` a group, ``from`` a graph, ``names`` harmless names."""
    upper = token.upper()
    if kind == "word":
        if "SERVICE" in upper:
            return "service"
        if upper.endswith("FROMNAMED") or (upper == "NAMED" and state == "from"):
            return "from named"
        if upper.endswith("FROM"):
            return "from"
        return state if upper == "SILENT" else "names" if upper in ("GRAPH", "DESCRIBE") else ""
    if kind in ("iri", "name", "variable"):
        if state == "service":
            return "target"
        if state:
            return "names" if state != "target" else ""
        return "target" if kind == "name" and "SERVICE" in upper.partition(":")[0] else ""
    return ""


def _check_datasets(text: str, clauses: set[tuple[bool, str]], contains_graph: Callable[[str], bool]) -> None:
    if sum(not named for named, _ in clauses) > 1:
        raise QueryRefused(
            "several FROM: statements that are in more than one graph would be counted once for each",
            hint="Leave FROM out (the default graph holds every accepted fact once), or use GRAPH ?ev { … }.",
        )
    own = declared(text) if clauses else {}
    for named, token in sorted(clauses):
        iri = token[1:-1] if token.startswith("<") else _expanded(token, own)
        if not contains_graph(iri):
            raise QueryRefused(
                f"FROM {'NAMED ' if named else ''}{token}: the dataset has no such graph, and nothing is fetched",
                hint="Leave FROM out, or name a graph of the record, such as an evidence node ev:….",
            )


def _expanded(name: str, own: dict[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return own.get(prefix, PREFIXES.get(prefix, "")) + local


def _decoded(text: str) -> str:
    r"""The text with ``\uXXXX`` and ``\UXXXXXXXX`` read as characters, as the SPARQL standard has it."""
    parts = text.split("\\")
    return parts[0] + "".join(_decoded_escape(part) for part in parts[1:])


def _decoded_escape(part: str) -> str:
    width = {"u": 4, "U": 8}.get(part[:1], 0)
    digits = part[1 : 1 + width]
    if not width or len(digits) < width or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        return "\\" + part
    number = int(digits, 16)
    return (chr(number) if number < 0x110000 else "\\" + part[: 1 + width]) + part[1 + width :]


# ── Tokens ──


def _skip(text: str, position: int, line_end: Callable[[int], int] | None = None) -> int:
    """The next position that is neither white space nor in a comment.

    :param line_end: where the line of a position ends, if that is known without looking
    """
    while position < len(text):
        if text[position] == "#":
            position = line_end(position) if line_end else _line_end(text, position)
        elif text[position] not in _SPACE:
            return position
        else:
            position += 1
    return position


def _line_end(text: str, position: int) -> int:
    """Where the line ends: each character is looked at once, however many comments there are."""
    feed = text.find("\n", position)
    feed = len(text) if feed < 0 else feed
    end = text.find("\r", position, feed)
    return feed if end < 0 else end


class _LineEnds:
    """Where each line of a text ends, for a walk that comes to the same line from many places."""

    def __init__(self, text: str) -> None:
        self._ends = [0]
        for line in text.split("\n"):
            self._ends.append(self._ends[-1] + len(line) + 1)

    def after(self, position: int) -> int:
        """The end of the line that holds a position."""
        from bisect import bisect_right

        return self._ends[bisect_right(self._ends, position)] - 1


def _token(text: str, start: int) -> tuple[str, int]:
    first = text[start]
    if first in "\"'":
        return _string(text, start, first)
    if first == "<":
        return _iri(text, start)
    if first in "?$":
        end = _run(text, start + 1, "")
        return ("variable", end) if end > start + 1 else ("mark", end)
    if first == "@":
        return "language", _run(text, start + 1, "-")
    if first == ":" or _is_letter(first):
        return _word(text, start)
    return "mark", start + 1


def _string(text: str, start: int, quote: str) -> tuple[str, int]:
    long = text.startswith(quote * 3, start)
    closing = quote * 3 if long else quote
    position, end = start + len(closing), -1
    while (end := end if end >= position else text.find(closing, position)) >= 0:
        escape = text.find("\\", position, end)
        if escape >= 0:
            position = escape + 2
        elif not long and ("\n" in text[start:end] or "\r" in text[start:end]):
            break
        else:
            return "string", end + len(closing)
    return "open", len(text)


def _iri(text: str, start: int) -> tuple[str, int]:
    position = start + 1
    while position < len(text) and text[position] not in _NO_IRI:
        position += 1
    return ("iri", position + 1) if text[position : position + 1] == ">" else ("mark", start + 1)


def _word(text: str, start: int) -> tuple[str, int]:
    end = _run(text, start, "-.") if text[start] != ":" else start
    if text[end : end + 1] != ":":
        return "word", end
    end = local = end + 1
    if text[local : local + 1] in ("-", "."):  # a local part cannot begin so
        return "name", local
    while end < len(text) and (_is_letter(text[end]) or text[end] in "-.:%\\"):
        end += 2 if text[end] == "\\" else 1  # an escape takes any character along: a quote too
    end = min(end, len(text))
    while end > local and text[end - 1] == "." and text[end - 2] != "\\":
        end -= 1
    return "name", end


def _run(text: str, position: int, also: str) -> int:
    """The end of a run of letters, digits, ``_`` and ``also``; a dot at the end is no part of it."""
    end = position
    while end < len(text) and (_is_letter(text[end]) or text[end] in also):
        end += 1
    while end > position and text[end - 1] == ".":
        end -= 1
    return end


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_" or character > "\x7f"


# ── Saying where it is wrong ──


def _set_apart(text: str, cut: list[tuple[str, int, int]]) -> tuple[str, list[int]]:
    """The tokens, each on a line of its own before a wide gap, and the line on which each begins.

    The engine reports the furthest place it looked at, up to a keyword's length beyond the fault: with the
    tokens that far apart, the line it reports is the token at fault.
    """
    parts, lines, line = [], [], 1
    for _, start, end in cut:
        lines.append(line)
        parts.append(text[start:end] + _GAP + "\n")
        line += parts[-1].count("\n")
    return "".join(parts), lines


def _line_of(said: str) -> int:
    """The line in ``error at 2:10: expected …``; 0 if there is none."""
    _, _, rest = said.partition("error at ")
    number = rest.partition(":")[0]
    return int(number) if number.isdigit() else 0


def _index_of(line: int, lines: list[int]) -> int:
    """The token on a line; the number of tokens when the line is after the last."""
    if line > lines[-1]:
        return len(lines)
    return max((index for index, first in enumerate(lines) if first <= line), default=0)


def _problem(text: str, cut: list[tuple[str, int, int]], index: int, said: str) -> tuple[str, str]:
    """What is wrong at a token, and a hint."""
    if cut[-1][0] == "open" and index >= len(cut) - 1:
        return "a string is not closed", ""
    if index >= len(cut):
        plain = _plain_reason(said)
        return plain or "the query ends too early", "" if plain else _missing_braces(text, cut)
    kind, start, end = cut[index]
    token = text[start:end]
    prefix = token.partition(":")[0]
    if kind == "name" and prefix != "_" and prefix not in PREFIXES and prefix not in declared(text):
        return _unknown_prefix(prefix)
    shown = token if len(token) <= 40 else token[:37] + "..."
    return _plain_reason(said) or f"unexpected {shown}", _missing_braces(text, cut)


def _plain_reason(said: str) -> str:
    """What the engine says in words, such as ``The SELECT contains a variable that is unbound``."""
    expected = said.partition("expected ")[2].removeprefix("one of ")
    for phrase in expected.replace("\n", " ").split(", "):
        if " " in phrase and phrase[0].isalpha() and phrase != "Prefix not found":
            return phrase.removeprefix("The ")
    return ""


def _missing_braces(text: str, cut: list[tuple[str, int, int]]) -> str:
    marks = [text[start:end] for kind, start, end in cut if kind == "mark"]
    for left, right in ("{}", "()"):
        if (balance := marks.count(left) - marks.count(right)) != 0:
            return f"{balance} {right} missing." if balance > 0 else f"{-balance} {right} too many."
    return ""


def _unknown_prefix(prefix: str) -> tuple[str, str]:
    from difflib import get_close_matches

    near = get_close_matches(prefix, PREFIXES, n=3)
    meant = f"Did you mean {', '.join(f'{name}:' for name in near)}? " if near else ""
    return f"unknown prefix {prefix}:", f"{meant}Known without declaring: {' '.join(f'{p}:' for p in PREFIXES)}"


def _place(text: str, position: int) -> tuple[int, int, str, str]:
    """Line and column from 1 of a position, the line as far as it helps, and the part of that before the place."""
    text = text.replace("\r\n", " \n")  # as many characters as before
    before = text[:position].replace("\r", "\n").split("\n")
    shown = text.replace("\r", "\n").split("\n")[len(before) - 1].rstrip()
    shown = "".join(character if character.isprintable() else " " for character in shown)
    column = len(before[-1])
    first = max(0, column - _MARGIN)
    return len(before), column + 1, shown[first : column + _MARGIN], shown[first:column]


def _columns(text: str) -> int:
    """How many terminal columns a text takes: Hangul and ideographs take two."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
