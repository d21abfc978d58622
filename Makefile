# Everything creates what it needs; nothing else has to be run before.
.DEFAULT_GOAL := help
PORT ?= 8080
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test lint bench demo laws chaos lock clean

help:               ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/run.stamp: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

run: .venv/run.stamp ## PIL, SIL, token endpoint, worker and sandbox network on PORT (8080), state under var/
	exec $(BIN)/lso serve --port $(PORT)

test: .venv/dev.stamp ## all tests
	$(BIN)/python -m pytest -n 4 --dist worksteal

lint: .venv/dev.stamp ## style, types, tables
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lso mapping check --quiet
	$(BIN)/lso spec check --quiet

bench: .venv/dev.stamp ## ratios, measured in one run, interleaved, medians
	$(BIN)/python -m benchmarks

demo: .venv/run.stamp ## plays the stories and shows one order in every language
	$(BIN)/lso demo

laws: .venv/dev.stamp ## the long run of the translation laws: 30,000 documents each
	LSO_LAW_DOCUMENTS=30000 $(BIN)/python -m pytest -n 2 tests/laws --timeout 0

chaos: .venv/dev.stamp ## a thousand orders through three back ends while everything is killed; figures at the end
	$(BIN)/python -m tests.journeys.chaos

lock:               ## pin the newest versions that fit pyproject.toml
	$(BIN)/uv pip compile -q --no-header --no-annotate pyproject.toml --group pyproject.toml:build -o requirements.lock
	$(BIN)/uv pip compile -q --no-header --no-annotate pyproject.toml --group pyproject.toml:build --group pyproject.toml:dev -o requirements-dev.lock

clean:              ## remove the virtual environment and local state
	rm -rf .venv var
