# Usher. `make` lists what can be done. `make demo` and `make test` set up everything they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WINDOWS ?= sam,tara,neil,chloe,priya,dana
DEMO_PORT ?= 3978
WINDOW_PORT ?= 3980

.DEFAULT_GOAL := help
.PHONY: help install windows browser demo run test test-long house check fmt lint types imports samples requirements migration bench clean

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: $(VENV)/.installed ## make .venv with everything for running and testing

$(VENV)/.installed: requirements-dev.txt
	@echo "Making the Python environment (a minute or two, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

windows: gallery/node_modules/.installed ## install the chat windows and the card renderer (npm)

gallery/node_modules/.installed: gallery/package-lock.json
	@echo "Fetching the Agents Playground and the card renderer (a minute, once) ..."
	@cd gallery && npm ci --silent --no-audit --no-fund --legacy-peer-deps
	@touch $@

browser: ## install Debian's Chromium where there is none
	@command -v chromium >/dev/null || { echo "Installing Chromium ..."; $(if $(shell command -v sudo),sudo,) apt-get update -qq && $(if $(shell command -v sudo),sudo,) apt-get install -y -qq chromium >/dev/null; }

demo: install windows ## a fictional council in chat windows; Ctrl-C ends it
	@$(BIN)/python -m demo --windows $(WINDOWS) --port $(DEMO_PORT) --window-port $(WINDOW_PORT)

run: install ## run Usher with the settings of the environment
	@$(BIN)/python -m bot serve

test: install windows browser ## everything, with a short seeded share of the long runs
	@$(BIN)/python -m pytest

test-long: install windows browser ## everything, with the full counts of the long runs
	@USHER_LONG=1 $(BIN)/python -m pytest

house: install ## only the tests of the house itself
	@$(BIN)/python -m pytest tests/house

fmt: install ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: install ## style and import rules
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports

types: install ## static types
	@$(BIN)/mypy bot cards casework demo dialogs documents gallery scheduler tests

check: lint types test ## the gate: what continuous integration runs

samples: install windows browser ## draw every card as pictures: gallery/out/index.html
	@$(BIN)/python -m tests.samples && $(BIN)/python -m gallery

requirements: install ## compile the pinned, hashed requirements
	@for name in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -o $$name.txt $$name.in; done

migration: install ## a new numbered migration: make migration name=add_something
	@mkdir -p var && rm -f var/migration.sqlite3
	@$(BIN)/python -m alembic -x url=sqlite:///var/migration.sqlite3 upgrade head
	@$(BIN)/python -m alembic -x url=sqlite:///var/migration.sqlite3 revision --autogenerate -m "$(name)" --rev-id $$(printf '%04d' $$(( $$(ls migrations/versions/*.py | wc -l) + 1 )))

bench: install ## speed, side by side with stock botbuilder and a bare handler
	@$(BIN)/python -m bench.turns && $(BIN)/python -m bench.sending

clean: ## throw away what was built and the demo's data
	rm -rf $(VENV) gallery/node_modules gallery/out var .mypy_cache .ruff_cache .pytest_cache .hypothesis
