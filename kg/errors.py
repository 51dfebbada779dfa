"""One family of errors. Each knows its exit code and, where it can, what to do next."""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_CHECKS = 3
EXIT_NOT_FOUND = 4
EXIT_LIMIT = 5
EXIT_INTERRUPTED = 130


class KGError(Exception):
    """Anything this package refuses or fails at, in words a user can act on.

    :param message: what was wrong
    :param hint: what to do next, shown on a line of its own
    """

    exit_code = EXIT_FAILURE

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(KGError):
    """The call itself was wrong: an unknown option, an empty text, a bad combination."""

    exit_code = EXIT_USAGE


class RecordError(KGError):
    """An authored or made file of the record cannot be used; names file, line and term.

    :param path: the file, as the user would write it
    :param line: line number from 1, if known
    :param term: the IRI, CURIE or literal at fault, if there is one
    """

    exit_code = EXIT_CHECKS

    def __init__(
        self, problem: str, *, path: str = "", line: int | None = None, term: str = "", hint: str = ""
    ) -> None:
        self.problem, self.path, self.line, self.term = problem, path, line, term
        where = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(f"{where}{term + ': ' if term else ''}{problem}", hint=hint)


class StaleBuild(KGError):
    """The made files are not what the authored files would make now."""

    exit_code = EXIT_CHECKS


class QueryError(KGError):
    """The query is not SPARQL, or cannot be answered as asked."""

    exit_code = EXIT_USAGE


class QueryRefused(QueryError):
    """The query would leave the dataset: ``SERVICE``, ``LOAD``, a ``FROM`` from elsewhere, or an update."""


class LimitReached(KGError):
    """The query was stopped by its time or memory limit."""

    exit_code = EXIT_LIMIT


class NotFound(KGError):
    """Nothing by that name; carries the nearest names.

    :param suggestions: what the user may have meant, best first
    """

    exit_code = EXIT_NOT_FOUND

    def __init__(self, message: str, *, suggestions: tuple[str, ...] = (), hint: str = "") -> None:
        self.suggestions = suggestions
        meant = f"Did you mean: {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(message, hint="\n".join(part for part in (meant, hint) if part))


class MissingExtra(KGError):
    """A library that is not in the default install is needed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra [{extra}]", hint=f"Install it with: pip install 'rok-sg-kg[{extra}]'")
