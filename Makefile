# The only entrance. `make help` lists what it can do.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra embedded -q

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt bench prepare lock

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: $(VENV)/ready  ## make .venv, where `drumbeat` is the command line of everything

$(VENV)/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/dev.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

demo: setup  ## look at Drumbeat on 127.0.0.1:8000 (PORT=, FRESH=1 builds it anew, AT=2026-11-24T08:30 sets its time)
	$(BIN)/drumbeat demo $(if $(PORT),--port $(PORT)) $(if $(AT),--at $(AT)) $(if $(FRESH),--fresh)

test: setup prepare check  ## all checks and tests (ARGS= goes to pytest)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

prepare:
	tests/prepare

check: setup  ## style, types and walls
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: setup  ## write the code as the formatter wants it
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup  ## the benchmarks, one JSON line a figure
	@$(BIN)/python -m bench.planning
	@$(BIN)/python -m bench.night
	@$(BIN)/python -m bench.simulation
	@$(BIN)/python -m bench.beat
	@$(BIN)/python -m bench.pages
	@$(BIN)/python -m bench.stories
	@$(BIN)/python -m bench.execution
	@$(BIN)/python -m bench.announcement
	@$(BIN)/python -m bench.ledger
	@$(BIN)/python -m bench.intake
	@$(BIN)/python -m bench.figures
	@$(BIN)/python -m bench.review

lock: $(VENV)/ready  ## resolve the dependencies anew into requirements/
	$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --group dev -c requirements/run.txt -o requirements/dev.txt
