"""Write docs/questions.md from the questions themselves, so that the page cannot drift.

python -m tools.questions_doc            write it
python -m tools.questions_doc --check    exit 1 when the committed page is not current
"""

from __future__ import annotations

import sys

from kg.questions import Question, all_questions
from tools.pages import DOCS, write_or_check

EXPECTED = DOCS.parent / "tests" / "expected"

HEAD = """\
# Questions

What the graph is for, as SPARQL: one file a question in `kg/questions`, answered by number or by name. This page is
made by `python -m tools.questions_doc`.

```
kg ask 3                             kg ask mous-of-an-agency --set agency=NFS
kg ask 25 --set day=2015-12-31       kg ask 5 --show        # print the SPARQL instead
```

The tests hold every question to the rows of `tests/expected`, which were read by hand beside the passages they come
from; of the lists of a hundred rows and more, a part was. Two engines (Oxigraph and rdflib) have to agree on a small
record with invented documents, since rdflib needs minutes for some questions on the whole one. *Rows* is how many the
record gives with the settings as they stand. An empty cell in an answer means that no source tells it.

| # | question | for | rows |
|---|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    questions = all_questions()
    listing = "\n".join(_row(question) for question in questions)
    return f"{HEAD}{listing}\n\n" + "\n".join(_section(question) for question in questions)


def _row(question: Question) -> str:
    number, title = int(question.number), question.title
    link = f"[{title['en']}](#{number}-{question.slug})<br>{title['ko']}"
    return f"| {number} | {link} | {question.who} | {_rows(question)} |"


def _rows(question: Question) -> int:
    lines = (EXPECTED / f"{question.number}-{question.slug}.tsv").read_text(encoding="utf-8").splitlines()
    return max(len(lines) - 1, 0)


def _section(question: Question) -> str:
    lines = [f"## {int(question.number)} {question.slug}", "", f"{question.title['en']}<br>{question.title['ko']}", ""]
    if question.parameters:
        lines += ["| setting | default | meaning |", "|---|---|---|"]
        lines += [f"| `{p.name}` | `{p.default}` | {p.description} |" for p in question.parameters]
        lines.append("")
    return "\n".join([*lines, question.note, ""] if question.note else lines)


def main() -> int:
    return write_or_check("questions.md", page(), "python -m tools.questions_doc")


if __name__ == "__main__":
    sys.exit(main())
