# Everything people and CI do with the repository; `make` alone lists it.
# Each target does its own set-up: .venv, the dependencies, llama.cpp and the models.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEFAULT_MODEL := qwen2.5-coder-1.5b
SMALL_MODEL := qwen2.5-coder-0.5b
EDITORS ?= $(HOME)/.cache/scopewise-editors
# For everything that follows on its line.
IN_EXTENSION := cd client-extension && export PATH="$(EDITORS)/node/bin:$$PATH" &&

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The steps of `test` are meant to run in their order, also under `make -j`.
.NOTPARALLEL:
.PHONY: help setup demo model models test test-fast test-model test-editors test-editors-model extension lint fix typecheck imports lock wheel clean

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.engine ## Virtual environment, dependencies and llama.cpp (built once, about five minutes)

demo: setup ## Fill, explain and fix with the real model, through the language server
	@$(BIN)/scopewise demo

model: setup ## Pull the default model (1.1 GB)
	@$(BIN)/scopewise models pull $(DEFAULT_MODEL)

models: model ## Pull the small model too (0.5 GB), which the tests need
	@$(BIN)/scopewise models pull $(SMALL_MODEL)

test: lint typecheck imports models ## All checks and all tests, with the real models
	$(BIN)/pytest -m "not editors"

test-fast: setup ## The tests that need no model
	$(BIN)/pytest

test-model: models ## The tests on the real models
	$(BIN)/pytest -m "model and not editors"

test-editors: setup ## Drive VS Code, Neovim, Emacs and Vim, installed into a cache folder first
	SCOPEWISE_EDITORS=$(EDITORS) $(BIN)/python tests/editors/install.py
	$(IN_EXTENSION) npm run lint && npm run typecheck && npm test
	$(IN_EXTENSION) npm run l10n -- --check && PYTHON=$(CURDIR)/$(BIN)/python npm run settings -- --check
	SCOPEWISE_EDITORS=$(EDITORS) $(BIN)/pytest -m "editors and not model" tests/editors

test-editors-model: models ## One run on the real model in VS Code and in Neovim, after test-editors
	SCOPEWISE_EDITORS=$(EDITORS) $(BIN)/pytest -m "editors and model" tests/editors

extension: setup ## Build client-extension/dist/scopewise.vsix
	SCOPEWISE_EDITORS=$(EDITORS) $(BIN)/python tests/editors/vscode/install.py

lint: setup ## Lint, and check the formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fix: setup ## Mend what the linter can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

typecheck: setup ## Check the types
	$(BIN)/mypy

imports: setup ## Check that imports point one way
	$(BIN)/lint-imports

lock: $(VENV)/.python ## Choose the newest versions of the dependencies and write them down
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile --quiet pyproject.toml --extra local --extra websocket --extra cloud --extra bench --group dev \
	  --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --no-emit-package llama-cpp-python --output-file requirements.txt
	grep -o 'llama-cpp-python==[0-9.]*' pyproject.toml | $(BIN)/uv pip compile --quiet - --no-deps \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --output-file requirements-engine.txt

wheel: setup ## Build the distribution into dist/
	$(PIP) wheel --quiet --no-deps --wheel-dir dist .

clean: ## Remove what was made here; models and the llama.cpp wheel stay in their caches
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find server tests -name __pycache__ -prune -exec rm -rf {} +

# Set-up, a stamp for each step

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: name it, as in \`make PYTHON=python3.12 …\`."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.dependencies: requirements.txt pyproject.toml | $(VENV)/.python
	$(PIP) install --requirement requirements.txt
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.engine: requirements-engine.txt .ci/engine_wheel.py | $(VENV)/.dependencies
	@$(BIN)/python .ci/engine_wheel.py
	@touch $@
