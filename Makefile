# Two commands: `make run` serves the workbench, `make test` checks everything.
# Both make .venv first; nothing is needed but Python 3.12 or later.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CANDIDATES := python3.12 python3.13 python3.14 python3 python

.DEFAULT_GOAL := help
.PHONY: help run test coverage desk demo check-style check-tests browser bench screens clean

help: ## say what each command does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.txt constraints.txt pyproject.toml
	@python=""; for candidate in $(CANDIDATES); do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "RCS needs Python 3.12 or later and found none: install it from python.org or your package manager, then run this again." >&2; exit 1; fi; \
	[ -x $(BIN)/python ] || $$python -m venv $(VENV) || \
	  { echo "Python's venv module is missing: install it (on Debian: python3-venv), then run this again." >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV) (once; a few minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(STAMP)

run: $(STAMP) ## serve the workbench on http://localhost:8501, with the demonstration release if there is none
	@$(BIN)/rcs serve --demo

desk: $(STAMP) ## serve the desk (this machine only) on http://localhost:8502
	@$(BIN)/rcs desk

demo: $(STAMP) ## write the fictional partnership's input folder to .rcs/demo
	@$(BIN)/rcs demo .rcs/demo

check-style: $(STAMP) ## ruff, mypy, import-linter
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: $(STAMP) ## everything: style, types, import rules, units, pages, journeys, browser
	@$(MAKE) --no-print-directory --jobs 2 check-style check-tests

check-tests: $(STAMP) ## units, pages, journeys, browser
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

coverage: $(STAMP) ## the tests once more, with the share of lines and branches that they reach (a third slower)
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered

bench: $(STAMP) ## print the figures that the README quotes
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

screens: $(STAMP) ## photograph every page in light, dark, narrow and room mode, for docs/screens.md
	@PYTHONPATH=. $(BIN)/python tools/screens.py

clean: ## remove the virtual environment and caches (not .rcs, which holds your releases)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
