"""A SPARQL 1.1 endpoint by its address, asked through the standard library.

Only ``http`` and ``https``, no redirects, a limit on size; a user name and password in the address are sent as the
protocol has it and never shown. A server may drip its answer, or nest it until a parser dies: so the store has all of
this, from the guard to the parsed answer, done in a child process, which keeps the limits of time and memory.
"""

from __future__ import annotations

import base64
import http.client
import socket
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, RdfFormat, Store, parse, parse_query_results

from kg import limits, sparql
from kg.errors import KGError, LimitReached, QueryError, UsageError
from kg.media import GRAPHS, RESULTS
from kg.store import ENTITY, is_iri

if TYPE_CHECKING:
    from kg.store import Result

#: The most bytes an answer may have.
MOST_BYTES = 64 << 20

_ACCEPT_RESULTS = f"{RESULTS['json'].media_type}, {RESULTS['xml'].media_type};q=0.8"
_ACCEPT_GRAPHS = f"{GRAPHS['nt'].media_type}, {GRAPHS['ttl'].media_type};q=0.8"
_NOT_PARSED = (SyntaxError, ValueError, OSError, RuntimeError, MemoryError)
_URL_MARKS = "/%:@!$&'()*+,;="


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would send the query, and perhaps a password, to somebody else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none; the answer then is an error that names the code."""


class Endpoint:
    """One endpoint.

    :ivar shown: its address without user name and password
    :ivar patience: seconds to wait when no other limit is given
    :ivar memory: bytes an answer may take when no other limit is given
    :ivar in_memory: ``False``, asking needs a socket
    :raises UsageError: if the address is not one of ``http`` or ``https`` with a host
    """

    patience = 60.0
    memory = 4 << 30
    in_memory = False

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").encode("idna").decode(), parts.port
        except ValueError:  # UnicodeError too: a..b, or a name of more than 63 characters
            raise UsageError("this is not an address", hint="Expected: http(s)://host/path") from None
        if parts.scheme not in ("http", "https") or not host:
            raise UsageError(
                f"{parts.scheme or 'this'}: only http and https addresses can be asked",
                hint="Expected: https://host/path",
            )
        at = f"[{host}]" if ":" in host else host
        path, question = quote(parts.path, safe=_URL_MARKS), quote(parts.query, safe=_URL_MARKS + "?")
        self.shown = urlunsplit((parts.scheme, at if port is None else f"{at}:{port}", path, question, ""))
        self._opener = build_opener(_NoRedirect)
        self._headers = {"User-Agent": "rok-sg-kg"}
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()

    def result(self, text: str, seconds: float | None = None) -> Result:
        """Ask, after the guard.

        :param seconds: for each step of the exchange, ``None`` where somebody else keeps the time
        :raises QueryRefused: if the query would leave the endpoint
        :raises QueryError: if the endpoint calls the query wrong
        :raises LimitReached: if it takes too long or answers too much
        :raises KGError: if it cannot be reached or understood
        """

        def contains_graph(iri: str) -> bool:
            return is_iri(iri) and bool(self._answer(f"ASK {{ GRAPH {NamedNode(iri)} {{ ?s ?p ?o }} }}", seconds))

        sparql.check(text, contains_graph)
        return self._answer(text, seconds)

    def _answer(self, text: str, seconds: float | None) -> Result:
        form = sparql.form(text)
        rows = form in ("SELECT", "ASK")
        body, media_type = self._post(text, _ACCEPT_RESULTS if rows else _ACCEPT_GRAPHS, seconds)
        if rows:
            return _parsed_rows(body, media_type, self.shown, form)
        return _parsed_graph(body, media_type, self.shown)

    def _post(self, text: str, accept: str, seconds: float | None) -> tuple[bytes, str]:
        headers = {**self._headers, "Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"query": sparql.with_prefixes(text)}).encode()
        request = Request(self.shown, data=body, headers=headers, method="POST")  # noqa: S310 - http(s) only, see above
        try:
            with self._opener.open(request, timeout=seconds) as response:
                return _read(response), response.headers.get_content_type()
        except HTTPError as error:
            raise self._problem(error) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            if isinstance(reason, TimeoutError) and seconds is not None:
                raise limits.out_of_time(seconds) from None
            what = "cannot be reached" if isinstance(error, URLError) else "broke off"
            raise KGError(f"{self.shown} {what}: {_reason(reason)}") from None

    def _problem(self, error: HTTPError) -> KGError:
        said = _said(error)
        if error.code == 400:
            return QueryError(f"{self.shown} does not understand the query: {said}")
        if error.code in (401, 403):
            return KGError(f"{self.shown} wants other credentials ({error.code})")
        if 300 <= error.code < 400:
            return KGError(
                f"{self.shown} has moved ({error.code})", hint="Ask its new address; redirects are not followed."
            )
        if error.code in (408, 503, 504):
            return LimitReached(f"{self.shown} gave up ({error.code}): {said}", hint="Narrow the query, or try later.")
        return KGError(f"{self.shown} answered {error.code}: {said}")


def _read(response: http.client.HTTPResponse) -> bytes:
    parts, size = [], 0
    while part := response.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise LimitReached(
                f"the answer is larger than {MOST_BYTES >> 20} MiB", hint="Narrow the query, or add a LIMIT."
            )
    if response.length:  # half an answer can be well-formed
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(parts)


def _parsed_rows(body: bytes, media_type: str, shown: str, form: str) -> Result:
    format_ = QueryResultsFormat.from_media_type(media_type)
    if format_ is None:
        raise KGError(f"{shown} answered {media_type}, not SPARQL results", hint="Is this the address of an endpoint?")
    try:
        result = parse_query_results(body, format_)
        if isinstance(result, QueryBoolean) != (form == "ASK"):
            raise KGError(f"{shown} answered {form} with {'rows' if form == 'ASK' else 'a truth value'}")
        if isinstance(result, QueryBoolean):
            return result
        for _ in result:  # the parser reads as it goes: better wrong here than half printed
            pass
        return parse_query_results(body, format_)
    except _NOT_PARSED as error:
        raise KGError(f"{shown} answered something that is not {media_type}: {error}") from None


def _parsed_graph(body: bytes, media_type: str, shown: str) -> Result:
    format_ = RdfFormat.from_media_type(media_type)
    if format_ is None:
        raise KGError(f"{shown} answered {media_type}, not RDF", hint="Is this the address of an endpoint?")
    if format_ == RdfFormat.RDF_XML and ENTITY in body:
        raise KGError(f"{shown} answered RDF/XML that declares entities, which is not read")
    try:
        store = Store()
        store.extend(parse(body, format_, without_named_graphs=True))
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    except _NOT_PARSED as error:
        raise KGError(f"{shown} answered something that is not {media_type}: {error}") from None


def _said(error: HTTPError) -> str:
    """What the server says of its refusal, if it gets to the end of it."""
    try:
        return _first_line(error.read(2000))
    except (OSError, http.client.HTTPException, ValueError):
        return _first_line(b"")


def _first_line(body: bytes) -> str:
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines() if line.strip()]
    return "".join(character for character in lines[0] if character.isprintable())[:200] if lines else "(nothing said)"


def _reason(error: object) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
