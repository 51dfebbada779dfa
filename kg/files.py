"""Text files: read as UTF-8, written whole.

A reader, a crash or a full disk finds the old file or the new one, never half of it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from kg.errors import KGError, RecordError


def text(path: str) -> str:
    """The text of a UTF-8 file, line ends as they are, a byte order mark left out.

    :raises RecordError: naming the file, and the line where it is not UTF-8
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RecordError("not UTF-8", path=path, line=line, hint="Save the file as UTF-8.") from error
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror}", path=path) from error


def holds(path: str, expected: str) -> bool:
    """Whether a file has just this text; ``False`` also when there is no such file or it is none."""
    try:
        with open(path, "rb") as file:
            return file.read() == expected.encode()
    except OSError:
        return False


def replace(texts: Mapping[str, str]) -> None:
    """Write each text beside its place, then move all into place.

    :param texts: path → text; folders are made where they are missing, a link is followed, a file's mode kept
    :raises KGError: naming the file that cannot be written; then none is changed
    """
    parts = {os.path.realpath(path): f"{os.path.realpath(path)}.{os.getpid()}.part" for path in texts}
    path = ""
    try:
        for path, (place, part) in zip(texts, parts.items(), strict=True):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if os.path.isdir(place):
                raise IsADirectoryError(21, "is a folder", place)
            _remove_leftovers(place)
            _write_through(part, texts[path])
            if os.path.exists(place):
                os.chmod(part, os.stat(place).st_mode & 0o7777)
        for place, part in parts.items():
            os.replace(part, place)
    except OSError as error:
        raise KGError(
            f"could not write {path}: {error.strerror}",
            hint="The old files are as they were. Free space, mend the permissions, or name another place.",
        ) from error
    finally:
        for part in parts.values():
            if os.path.exists(part):
                os.remove(part)


def _write_through(path: str, text: str) -> None:
    """Write and push to the disk, so that a crash after the move cannot leave an empty file."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _remove_leftovers(path: str) -> None:
    """Remove what killed processes left beside a file; parts that are still being written stay."""
    folder, name = os.path.split(path)
    for other in os.listdir(folder or "."):
        pid = other.removeprefix(name + ".").removesuffix(".part")
        if other == f"{name}.{pid}.part" and pid.isdigit() and not _is_running(int(pid)):
            os.remove(os.path.join(folder, other))


def _is_running(pid: int) -> bool:
    if os.name == "nt":  # there, signal 0 would end the process
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
