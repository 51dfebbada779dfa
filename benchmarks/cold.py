"""Cold start: whole processes that answer one question, side by side in one run.

Each command is started in turn, round after round, so that a slow moment of the machine hits all of them. The
rows must agree, or the benchmark says which command is wrong and exits 1. Times are wall-clock milliseconds of
the whole process with a warm page cache.

    python -m benchmarks.cold
    python -m benchmarks.cold --rounds 51 --format json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kg.namespaces import PREFIXES

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "triples.ttl"
PEERS = ROOT / "benchmarks" / "peers"
BODY = 'SELECT ?agreement ?name { ?agreement krsg:party org:hsa ; skos:prefLabel ?name FILTER(lang(?name) = "en") }'
DECLARED = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("krsg", "org", "skos")) + BODY
#: What the project asks of itself: name → (against, at most this many times as long).
TARGETS = {
    "kg query": ("pyoxigraph script", 1.5),
    "kg query --format json": ("pyoxigraph script", 1.5),
    "import kg": ("python", 1.2),
}


@dataclass
class Entry:
    """A command line and whether it prints the answer."""

    name: str
    command: list[str]
    answers: bool


def entries() -> list[Entry]:
    """The commands of the comparison, all run by this interpreter."""
    python = sys.executable
    kg = str(Path(python).parent / "kg")
    return [
        Entry("python", [python, "-c", "pass"], answers=False),
        Entry("import kg", [python, "-c", "import kg"], answers=False),
        Entry("pyoxigraph script", [python, str(PEERS / "plain_pyoxigraph.py"), str(DATA), DECLARED], answers=True),
        Entry("kg query", [kg, "query", BODY], answers=True),
        Entry("kg query --format json", [kg, "query", BODY, "--format", "json"], answers=False),
        Entry("rdflib script", [python, str(PEERS / "plain_rdflib.py"), str(DATA), DECLARED], answers=True),
    ]


def run(entry: Entry) -> tuple[float, str]:
    """Milliseconds of one process, and what it printed."""
    begin = time.perf_counter()
    done = subprocess.run(entry.command, capture_output=True, text=True, check=True, cwd=ROOT, env=_environment())
    return (time.perf_counter() - begin) * 1000, done.stdout


def _environment() -> dict[str, str]:
    """The caller's, without what would make one command's path longer than another's."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KG_", "COVERAGE"))}


def measure(rounds: int) -> dict[str, list[float]]:
    """Milliseconds by command, one number a round, after one round to warm the caches."""
    commands = entries()
    _agree({e.name: _rows(run(e)[1]) for e in commands if e.answers})
    taken: dict[str, list[float]] = {entry.name: [] for entry in commands}
    for number in range(rounds):
        print(f"\rround {number + 1}/{rounds}", end="", file=sys.stderr)
        for entry in commands:
            taken[entry.name].append(run(entry)[0])
    print(file=sys.stderr)
    return taken


def _rows(printed: str) -> set[str]:
    """Rows without a header, with names in one form, so that three printers can be compared."""
    lines = [line for line in printed.splitlines() if not line.startswith("?")]
    return {line.replace(f"<{PREFIXES['agr']}", "agr:").replace(">", "") for line in lines}


def _agree(rows: dict[str, set[str]]) -> None:
    reference = rows["rdflib script"]
    wrong = [name for name, found in rows.items() if found != reference or not found]
    if wrong:
        sys.exit(f"rows differ from rdflib's, or there are none: {', '.join(wrong)}: {rows}")


def report(taken: dict[str, list[float]]) -> list[dict[str, object]]:
    """One line a command: median, fastest, and ratios to plain Python and to the pyoxigraph script."""
    median = {name: statistics.median(times) for name, times in taken.items()}
    lines = []
    for name, times in taken.items():
        against, most = TARGETS.get(name, ("", 0.0))
        lines.append(
            {
                "command": name,
                "median_ms": round(median[name], 1),
                "fastest_ms": round(min(times), 1),
                "to_python": round(median[name] / median["python"], 2),
                "to_pyoxigraph": round(median[name] / median["pyoxigraph script"], 2),
                "target": f"≤ {most} × {against}" if against else "",
                "met": median[name] / median[against] <= most if against else None,
            }
        )
    rdflib = median["rdflib script"] / median["kg query"]
    lines[-1] |= {"target": "kg query at least 3 × faster", "met": rdflib >= 3, "kg_query_is_faster": round(rdflib, 1)}
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    args = parser.parse_args()
    lines = report(measure(args.rounds))
    about = {
        "python": platform.python_version(),
        **{name: version(name) for name in ("pyoxigraph", "rdflib")},
        "cores": os.cpu_count(),
        "bytes": DATA.stat().st_size,
        "rounds": args.rounds,
    }
    if args.format == "json":
        print(json.dumps({"about": about, "results": lines}, ensure_ascii=False, indent=2))
        return 0
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(f"{'command':<24}{'median ms':>10}{'fastest':>9}{'× python':>10}{'× pyoxigraph':>14}  target")
    for line in lines:
        verdict = "" if line["met"] is None else "  met" if line["met"] else "  MISSED"
        print(
            f"{line['command']:<24}{line['median_ms']:>10}{line['fastest_ms']:>9}"
            f"{line['to_python']:>10}{line['to_pyoxigraph']:>14}  {line['target']}{verdict}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
