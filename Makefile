# Sitthi: every command works from a fresh clone with nothing prepared but Python 3.11+ and make.
# The work is done by small programs in tools/; this file only names them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-test system-packages run test check bench tck deploy-diagrams screenshots translations reference lock clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## .venv, pinned dependencies, translations, browser assets
	@$(PYTHON) tools/bootstrap.py run

setup-test:
	@$(PYTHON) tools/bootstrap.py test

system-packages:
	@$(PYTHON) tools/system_packages.py

run: setup ## the product with demo people on PORT (8000) until Ctrl-C
	@$(BIN)/python tools/run.py

test: system-packages setup-test ## the whole suite on SQLite and a real PostgreSQL, with a real browser and card reader
	@$(BIN)/python tools/test.py $(ARGS)

check: setup-test ## what a developer runs before each commit: format, lint, types, imports, diagrams, fast tests
	@$(BIN)/python tools/check.py

bench: setup-test ## benchmarks, one JSON object per line; BENCH=name,name runs a part, BENCH_SIZE= scales
	@$(BIN)/python -m bench

tck: setup ## decision-model conformance on the kit in TCK_DIR, one JSON line per level
	@$(BIN)/python -m tests.decisions.tck "$(TCK_DIR)"

deploy-diagrams: setup ## lint and deploy bpmn/ and forms/ to the database; same content = no new version
	@$(BIN)/python tools/run.py --only deploy

screenshots: setup-test ## fill docs/screenshots/ from a running demo
	@$(BIN)/python tools/screenshots.py

translations: setup-test ## bring the English texts up to date with the code; names what lacks one
	@$(BIN)/python tools/translations.py

reference: setup-test ## write the references in docs/ anew
	@$(BIN)/python tools/reference.py

lock: setup-test ## write requirements*.txt anew from requirements*.in
	@$(BIN)/python tools/lock.py

clean: ## forget the environment, the caches and the demo database
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache app/static/dist
