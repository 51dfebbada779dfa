"""A SPARQL 1.1 endpoint by its address, asked through the standard library.

Only ``http`` and ``https``, no redirects, a limit on time and size; a user name and password in the address are
sent as the protocol has it and never shown.
"""

from __future__ import annotations

import base64
import http.client
import socket
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Store, parse, parse_query_results

from kg import limits, sparql
from kg.errors import KGError, LimitReached, QueryError, UsageError
from kg.media import GRAPHS, RESULTS

if TYPE_CHECKING:
    from kg.store import Result

#: Seconds to wait when no other limit is given.
PATIENCE = 60.0

#: The most bytes an answer may have.
MOST_BYTES = 64 << 20

_ACCEPT_RESULTS = f"{RESULTS['json'].media_type}, {RESULTS['xml'].media_type};q=0.8"
_ACCEPT_GRAPHS = f"{GRAPHS['nt'].media_type}, {GRAPHS['ttl'].media_type};q=0.8"


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would send the query, and perhaps a password, to somebody else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none; the answer then is an error that names the code."""


class Endpoint:
    """One endpoint.

    :ivar shown: its address without user name and password
    :raises UsageError: if the address is not one of ``http`` or ``https`` with a host
    """

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise UsageError("this is not an address", hint="Expected: http(s)://host/path") from None
        if parts.scheme not in ("http", "https") or not host:
            raise UsageError(
                f"{parts.scheme or 'this'}: only http and https addresses can be asked",
                hint="Expected: https://host/path",
            )
        at = f"[{host}]" if ":" in host else host
        self.shown = urlunsplit((parts.scheme, at if port is None else f"{at}:{port}", parts.path, parts.query, ""))
        self._headers = {"User-Agent": "rok-sg-kg"}
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()

    def execute(self, text: str, timeout: float | None) -> Result:
        """Send a query that the guard has let through.

        :raises QueryError: if the endpoint calls the query wrong
        :raises LimitReached: if it takes too long or answers too much
        :raises KGError: if it cannot be reached or understood
        """
        form = sparql.form(text)
        rows = form in ("SELECT", "ASK")
        body, media_type = self._post(text, _ACCEPT_RESULTS if rows else _ACCEPT_GRAPHS, timeout or PATIENCE)
        return _parsed_rows(body, media_type, self.shown) if rows else _parsed_graph(body, media_type, self.shown)

    def wants_evidence(self, text: str) -> bool:
        """Never: what an endpoint has is already there."""
        return False

    def load_evidence(self) -> None:
        """Nothing to load."""

    def contains_graph(self, iri: str) -> bool:
        """Whether the endpoint has such a named graph; asks it."""
        try:
            name = str(NamedNode(iri))
        except ValueError:
            return False
        return bool(self.execute(f"ASK {{ GRAPH {name} {{ ?s ?p ?o }} }}", None))

    def _post(self, text: str, accept: str, seconds: float) -> tuple[bytes, str]:
        headers = {**self._headers, "Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"query": sparql.with_prefixes(text)}).encode()
        request = Request(self.shown, data=body, headers=headers, method="POST")  # noqa: S310 - http(s) only, see above
        deadline = monotonic() + seconds
        try:
            with build_opener(_NoRedirect).open(request, timeout=seconds) as response:
                return _read(response, deadline, seconds), response.headers.get_content_type()
        except HTTPError as error:
            raise self._problem(error) from None
        except TimeoutError:
            raise limits.out_of_time(seconds) from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise limits.out_of_time(seconds) from None
            raise KGError(f"{self.shown} cannot be reached: {_reason(error.reason)}") from None
        except (OSError, http.client.HTTPException) as error:
            raise KGError(f"{self.shown} broke off: {_reason(error)}") from None

    def _problem(self, error: HTTPError) -> KGError:
        said = _first_line(error.read(2000))
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


def _read(response: http.client.HTTPResponse, deadline: float, seconds: float) -> bytes:
    parts, size = [], 0
    while part := response.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise LimitReached(
                f"the answer is larger than {MOST_BYTES >> 20} MiB", hint="Narrow the query, or add a LIMIT."
            )
        if monotonic() > deadline:
            raise limits.out_of_time(seconds)
    return b"".join(parts)


def _parsed_rows(body: bytes, media_type: str, shown: str) -> Result:
    format_ = QueryResultsFormat.from_media_type(media_type)
    try:
        if format_ is None:
            raise KGError(
                f"{shown} answered {media_type}, not SPARQL results", hint="Is this the address of an endpoint?"
            )
        return parse_query_results(body, format_)
    except (SyntaxError, ValueError) as error:
        raise KGError(f"{shown} answered something that is not {media_type}: {error}") from None


def _parsed_graph(body: bytes, media_type: str, shown: str) -> Result:
    format_ = RdfFormat.from_media_type(media_type)
    try:
        if format_ is None:
            raise KGError(f"{shown} answered {media_type}, not RDF", hint="Is this the address of an endpoint?")
        store = Store()
        store.extend(parse(body, format_, without_named_graphs=True))
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    except (SyntaxError, ValueError) as error:
        raise KGError(f"{shown} answered something that is not {media_type}: {error}") from None


def _first_line(body: bytes) -> str:
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines() if line.strip()]
    return "".join(character for character in lines[0] if character.isprintable())[:200] if lines else "(nothing said)"


def _reason(error: object) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
