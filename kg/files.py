"""Writing files whole: a reader, a crash or a full disk finds the old file or the new one, never half of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kg.errors import KGError


def read(path: str) -> str | None:
    """The file's text, line ends as they are; ``None`` if there is no such file."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None


def replace(texts: Mapping[str, str]) -> None:
    """Write each text beside its place, then move all into place.

    :param texts: path → text; folders are made where they are missing
    :raises KGError: naming the file that cannot be written; then none is changed
    """
    parts = {path: f"{path}.{os.getpid()}.part" for path in texts}
    path = ""
    try:
        for path, text in texts.items():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            if os.path.isdir(path):
                raise IsADirectoryError(21, "is a folder", path)
            _remove_leftovers(path)
            _write_through(parts[path], text)
        for path, part in parts.items():
            os.replace(part, path)
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
