"""Refresh the vendored browser libraries: ``python tools/vendor.py`` (a maintainer's tool; needs npm).

Each library is taken by name and version from the npm registry that npm is set up with, minified file and
licence only. Writes ``kg/static/vendor/``, its ``VENDORED.json`` and ``THIRD_PARTY_NOTICES.md``; a test
holds the digests.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "kg" / "static" / "vendor"
NOTICES = ROOT / "THIRD_PARTY_NOTICES.md"

#: What is vendored: the package, its version, its licence, the file inside it, the licence text we pass on.
LIBRARIES = [
    {
        "name": "vis-network",
        "version": "10.1.5",
        "license": "Apache-2.0 OR MIT",
        # The standalone UMD build that injects no style sheet: 437 KB, and the strict policy holds.
        "source": "dist/vis-network.min.js",
        "file": "vis-network.min.js",
        "notice": "LICENSE-MIT",
        "bundles": "@egjs/hammerjs, component-emitter, core-js, keycharm, timsort, uuid, vis-data, vis-util (MIT)",
    }
]


def main() -> int:
    """Fetch, check and write everything; returns the exit code."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed", file=sys.stderr)
        return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    entries, notices = [], []
    for library in LIBRARIES:
        entry, notice = vendor(npm, library)
        entries.append(entry)
        notices.append(notice)
    (VENDOR / "VENDORED.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    NOTICES.write_text(notices_page(notices), encoding="utf-8")
    return 0


def vendor(npm: str, library: dict[str, str]) -> tuple[dict[str, str], str]:
    """Write one library; returns its row of ``VENDORED.json`` and its notice."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{library['name']}@{library['version']}"
        packed = subprocess.run(
            [npm, "pack", "--silent", wanted], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        with tarfile.open(Path(folder) / packed) as archive:
            code = _member(archive, library["source"])
            notice = _member(archive, library["notice"])
    # A source map we do not ship would be asked for by every open developer console.
    code = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", code)
    (VENDOR / library["file"]).write_text(code, encoding="utf-8", newline="\n")
    digest = hashlib.sha256(code.encode()).hexdigest()
    print(f"{wanted}: {library['file']}, {len(code.encode()):,} bytes, sha256 {digest}", file=sys.stderr)
    row = {key: library[key] for key in ("name", "version", "license", "source", "file")} | {"sha256": digest}
    head = f"## {library['name']} {library['version']}\n\nLicence: {library['license']}; used under the MIT licence."
    return row, f"{head} The file holds: {library['bundles']}.\n\n{_fenced(notice)}"


def notices_page(notices: list[str]) -> str:
    """The text of ``THIRD_PARTY_NOTICES.md``."""
    head = (
        "# Third-party notices\n\nShipped inside this package, in `kg/static/vendor/` "
        "(written by `tools/vendor.py`; digests in `VENDORED.json`):\n\n"
    )
    return head + "\n\n".join(notices) + "\n"


def _member(archive: tarfile.TarFile, path: str) -> str:
    file = archive.extractfile(f"package/{path}")
    if file is None:
        raise FileNotFoundError(path)
    return file.read().decode("utf-8").replace("\r\n", "\n")


def _fenced(text: str) -> str:
    return f"```text\n{text.strip()}\n```"


if __name__ == "__main__":
    sys.exit(main())
