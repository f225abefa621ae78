# Everything runs from .venv, which is made when it is missing. Nothing needs doing by hand first.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run test test-fast test-browser lint audit lock docs report-pages demo-survey clean

PORT ?= 8501
ADDRESS ?= 127.0.0.1

# The Python that .venv is made with: the first of these that runs and is new enough.
CANDIDATES := python3 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c "$(NEW_ENOUGH)" >/dev/null 2>&1 && echo $$p && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq
# A stamp is older than pyproject.toml when what it stands for has to be done again.
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
NO_BROWSER := $(if $(DISPLAY)$(WAYLAND_DISPLAY),,--no-browser)

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | sort | expand -t 16
	@echo
	@echo "Variables: PORT=$(PORT) ADDRESS=$(ADDRESS) PYTHON=… CODER_TORCH=… (which torch; else a CPU build)"

run: $(READY)  ## open the app on the demo survey, at http://127.0.0.1:8501
	@test -f demo/demo.db || { echo "Building the demo study in demo …"; $(BIN)/coder demo demo; }
	@echo "Looking for candidate categories (the first time this fetches the encoder) …"
	@$(BIN)/coder propose demo/demo.db --if-missing >/dev/null
	@echo "Opening the app at http://$(ADDRESS):$(PORT), by the link that follows …"
	@$(BIN)/coder app demo/demo.db --port $(PORT) --address $(ADDRESS) $(NO_BROWSER)

test: lint test-fast test-browser  ## lint, types and every test

lint: $(READY_DEV)  ## ruff and mypy
	@echo "Checking style and types …"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

# One thread for each of the processes: more would only stand in each other's way.
test-fast: $(READY_DEV)  ## every test but those in the browser, with coverage
	@$(BIN)/python -m tools.postgres
	@$(BIN)/python -m tools.install_office
	@echo "Testing everything but the pages in a browser …"
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests --ignore=tests/browser -q -n auto --dist worksteal --cov --cov-report=term-missing

test-browser: $(READY_DEV)  ## the tests that drive the pages in a browser
	@$(BIN)/python -m tools.install_browser
	@echo "Testing the pages in a browser …"
	@$(BIN)/python -m pytest tests/browser -q -n auto --dist loadfile

audit: $(READY_DEV)  ## look for known vulnerabilities in what is installed
	@$(BIN)/python -m tools.audit

lock: $(READY_DEV)  ## write requirements.lock again, for deployment
	@$(BIN)/python -m tools.lock

docs: $(READY_DEV)  ## write the generated documents again
	@$(BIN)/python -m tools.docs

report-pages: $(READY_DEV)  ## make the pictures of the demo study's report in docs/ again
	@$(BIN)/python -m tools.install_office
	@$(BIN)/python -m tools.report_pages

demo-survey: $(READY)  ## make the demo survey in data/ again
	@$(BIN)/python -m benchmarks.demo_survey

clean:  ## remove .venv, the demo study and all caches (not the encoders in models/)
	@rm -rf $(VENV) demo build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml tools/create_environment.py tools/install_torch.py
	@test -n "$(PYTHON)" || { echo "Coder needs Python 3.11 or newer, and none was found."; exit 1; }
	@$(PYTHON) -m tools.create_environment $(VENV)
	@$(BIN)/python -m tools.install_torch
	@echo "Installing Coder and what it needs (some minutes the first time) …"
	@$(PIP) -e .
	@touch $@

$(READY_DEV): $(READY)
	@echo "Installing the tools for testing …"
	@$(PIP) -e ".[dev]"
	@touch $@
