# Two commands do all the set-up on a fresh machine with Python 3.11+, make and git:
#   make explore   environment, install, build, checks, then the interactive graph
#   make test      the whole test suite
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: explore test lint format build check made notebooks bench clean help

help: ## say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

explore: $(VENV)/.run ## build, check, and open the interactive graph
	$(BIN)/kg build
	$(BIN)/kg check
	$(BIN)/kg explore

test: $(VENV)/.dev ## run the test suite
	$(BIN)/python -m pytest

lint: $(VENV)/.dev ## formatting, lint rules, types, and the made files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/kg build --check
	$(BIN)/python -m tools.cli_docs --check
	$(BIN)/python -m tools.questions_doc --check
	$(BIN)/python -m tools.record_doc --check
	$(BIN)/python -m tools.notebooks --check

made: $(VENV)/.dev ## make everything again that is made from the record
	$(BIN)/kg build
	KG_ACCEPT=1 $(BIN)/python -m pytest -q tests/test_questions_answers.py -k "not page_of_questions"
	$(BIN)/python -m tools.questions_doc
	$(BIN)/python -m tools.record_doc
	$(BIN)/python -m tools.notebooks

notebooks: $(VENV)/.dev ## run the notebooks again and keep their answers
	$(BIN)/python -m tools.notebooks

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

build: $(VENV)/.run ## make data/triples.ttl and data/evidence.trig
	$(BIN)/kg build

check: $(VENV)/.run ## run the gates of the record
	$(BIN)/kg check

bench: $(VENV)/.dev ## measure, with peers in the same run
	$(BIN)/python -m benchmarks.cold

clean: ## remove the environment and what was written
	rm -rf $(VENV) out

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (once)…"
	$(INSTALL) --upgrade pip
	$(INSTALL) --editable '.[shacl]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing the development tools (once)…"
	$(INSTALL) --editable '.[shacl]' --group dev
	@touch $@
