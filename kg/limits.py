"""Work that can be stopped: done in a child process, killed at a deadline or on Ctrl-C.

The engine cannot be interrupted from Python and keeps signals waiting, so whatever may never end is done in a
forked child that inherits the open data, and whose answer comes back through a pipe. The child can open no file
and no socket, and ends when its parent does. Only where there is no ``fork`` (Windows) a fresh process opens the
data again.
"""

from __future__ import annotations

import os
import sys
from time import monotonic

from kg import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    #: Writes bytes to where they are wanted.
    Sink = Callable[[bytes], object]
    #: Does the work, writes the answer, and returns a note to the parent (``""`` if there is nothing to say).
    Work = Callable[[Sink], str]

_CHUNK = 1 << 16
_KILL = 9  # signal.SIGKILL; importing signal costs a cold start 2 ms
_OUT_OF_MEMORY = (6, 9)  # how an allocator or the kernel ends a process: abort, kill
_CRASHED = (7, 10, 11)  # bus errors and segmentation faults: how a stack that is used up ends a process
_SEPARATOR = "\x1f"


class Died(errors.KGError):
    """The child ended without a word.

    :ivar why: what that usually means
    """

    def __init__(self, why: str, number: int) -> None:
        super().__init__(f"the query's process died (signal {number}): {why}")
        self.why = why


def can_fork() -> bool:
    """Whether this system can copy a process."""
    return hasattr(os, "fork")


def run(
    work: Work,
    sink: Sink,
    *,
    seconds: float | None = None,
    memory: int | None = None,
    seal: bool = True,
    needs: tuple[str, ...] = (),
) -> str:
    """Do ``work`` in a child and pass what it writes to ``sink``; returns the child's note.

    :param seconds: wall time allowed, without the time ``sink`` takes; ``None`` for no limit
    :param memory: bytes the child may take beyond what it inherits; ``None`` for no limit
    :param seal: let the child open no file and no socket
    :param needs: modules to import in the child before that
    :raises LimitReached: if it was stopped by a limit
    :raises Died: if the child ended without a word
    :raises KGError: whatever of this family the work raised
    """
    data, data_in = os.pipe()
    report, report_in = os.pipe()
    leash, held = os.pipe()
    ended, parent, child = False, os.getpid(), os.fork()
    if child == 0:
        for ours in (data, report, held):  # the parent's ends
            os.close(ours)
        _child(work, data_in, report_in, seconds, memory, seal, needs, (leash, parent))
    try:
        os.close(data_in)
        os.close(report_in)
        os.close(leash)
        _pump(data, sink, seconds)
        said = _read_all(report)
        ended = True
    finally:
        os.close(data)
        os.close(report)
        if not ended:
            os.kill(child, _KILL)
        os.close(held)
        _, status = os.waitpid(child, 0)
    if not said:
        raise _died(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, memory)
    return _note_of(said)


def run_afresh(work: Work, sink: Sink, *, seconds: float | None = None, memory: int | None = None) -> str:
    """:func:`run` for systems without ``fork``: ``work`` is pickled and sent to a new interpreter.

    :raises LimitReached: if it was stopped by a limit
    :raises KGError: whatever of this family the work raised, or if the process died
    """
    from multiprocessing import get_context

    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_afresh, args=(work, sender, memory), daemon=True)
    process.start()
    sender.close()
    deadline = None if seconds is None else monotonic() + seconds
    try:
        while True:
            if not receiver.poll(None if deadline is None else max(0.0, deadline - monotonic())):
                raise out_of_time(seconds)
            kind, payload = receiver.recv()
            if kind == "said":
                return _note_of(payload)
            sink(payload)
    except EOFError:
        process.join()
        raise _died(abs(process.exitcode or 0), memory) from None
    finally:
        process.kill()
        process.join()
        receiver.close()


def _afresh(work: Work, sender: Connection, memory: int | None) -> None:
    """The other end of :func:`run_afresh`."""
    try:
        note = work(lambda chunk: sender.send(("data", bytes(chunk))))
        said = f"done{_SEPARATOR}{note}"
    except errors.KGError as error:
        said = _words_of(error)
    except MemoryError:
        said = _words_of(out_of_memory(memory or 0))
    sender.send(("said", said))


def _pump(data: int, sink: Sink, seconds: float | None) -> None:
    from select import poll

    poller = poll()
    poller.register(data)
    deadline = None if seconds is None else monotonic() + seconds
    while True:
        left = None if deadline is None else deadline - monotonic()
        if left is not None and (left <= 0 or not poller.poll(left * 1000)):
            raise out_of_time(seconds)
        if not (chunk := os.read(data, _CHUNK)):
            return
        before = monotonic()
        sink(chunk)
        if deadline is not None:  # a reader who pages through the answer uses none of the query's time
            deadline += monotonic() - before


def _read_all(descriptor: int) -> str:
    parts = []
    while part := os.read(descriptor, _CHUNK):
        parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


def _note_of(said: str) -> str:
    """The child's note, or its error raised here."""
    name, _, rest = said.partition(_SEPARATOR)
    if name == "done":
        return rest
    message, _, hint = rest.partition(_SEPARATOR)
    raise _error(name, message, hint)


def _died(number: int, memory: int | None) -> errors.KGError:
    """The error of a child that ended by a signal, without a word."""
    if memory is not None and number in _OUT_OF_MEMORY:
        return out_of_memory(memory)
    return Died("too deeply nested, or out of memory" if number in _CRASHED else "out of memory, or killed", number)


def _words_of(error: errors.KGError) -> str:
    return _SEPARATOR.join((type(error).__name__, error.message, error.hint))


def _error(name: str, message: str, hint: str) -> errors.KGError:
    """An error of the family rebuilt from its words."""
    kind = getattr(errors, name, errors.KGError)
    error: errors.KGError = kind.__new__(kind)
    errors.KGError.__init__(error, message, hint=hint)
    return error


def out_of_time(seconds: float | None) -> errors.LimitReached:
    """The error of a query that did not end in time."""
    return errors.LimitReached(
        f"the query was stopped after {seconds or 0:g} s",
        hint="Narrow it (a LIMIT, fewer open variables, no product of unconnected patterns), or allow more time: "
        "--timeout SECONDS, 0 for none.",
    )


def out_of_memory(memory: int) -> errors.LimitReached:
    """The error of a query that wanted more memory than it may have."""
    return errors.LimitReached(
        f"the query was stopped at {memory / 2**20:,.0f} MiB of memory",
        hint="Narrow it, or allow more: --memory MIB, 0 for no limit.",
    )


def _child(
    work: Work,
    data: int,
    report: int,
    seconds: float | None,
    memory: int | None,
    seal: bool,
    needs: tuple[str, ...],
    leash: tuple[int, int],
) -> None:  # pragma: no cover - runs in the child, which leaves without a trace
    """Never returns, and never runs what the parent has registered for its exit."""
    said = f"KGError{_SEPARATOR}the query's process failed"
    try:
        _end_with_parent(*leash)
        out = open(data, "wb")  # noqa: SIM115 - closed with the process
        for module in needs:
            __import__(module)
        _confine(seconds, memory, seal, {data, report, leash[0]})
        note = work(out.write)
        out.flush()
        said = f"done{_SEPARATOR}{note}"
    except errors.KGError as error:
        said = _words_of(error)
    except MemoryError:
        said = _words_of(out_of_memory(memory or 0))
    except BaseException as error:  # noqa: BLE001 - nothing may leave the child but through the pipe
        said = _words_of(errors.KGError(f"{type(error).__name__}: {error}"))
    finally:
        try:
            os.close(data)
            os.write(report, said.encode("utf-8", "replace")[:_CHUNK])
        finally:
            os._exit(0)


def _end_with_parent(leash: int, parent: int) -> None:  # pragma: no cover - runs in the child
    """Have this process killed when the parent is gone: then nobody holds the other end of the leash any more.

    Nobody writes to it either, so that its end is all that can happen. Where the kernel cannot be told to kill, a
    thread waits for it, as well as the engine lets it run.
    """
    import fcntl

    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(leash, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(leash, fcntl.F_SETSIG, _KILL)
        fcntl.fcntl(leash, fcntl.F_SETFL, fcntl.FASYNC)
    else:
        from _thread import start_new_thread

        start_new_thread(lambda: (os.read(leash, 1), os._exit(1)), ())
    if os.getppid() != parent:  # it was faster
        os._exit(1)


def _confine(seconds: float | None, memory: int | None, seal: bool, ours: set[int]) -> None:
    """Take from this process what a query has no use for. What the system cannot limit stays as it is.

    :param ours: the pipes to the parent, which have low numbers where it has no standard streams
    """
    import resource

    if fault_handler := sys.modules.get("faulthandler"):  # an abort at the memory limit is no fault to report
        fault_handler.disable()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 2} - ours:  # an allocator that aborts has nobody to tell
        os.dup2(null, stream)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None and (size := _address_space()):
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
    if seconds is not None:  # should the parent be killed, the kernel ends this one
        allowed = int(seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed))
    if seal:  # those that are open stay usable, no other can be opened
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _address_space() -> int:
    """Bytes of address space this process has; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
