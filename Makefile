# Only calls the `landscape` command; the one place that sets DAGSTER_HOME for make users.
export DAGSTER_HOME := $(CURDIR)
PYTHON ?= python3
BIN := .venv/bin

.PHONY: landscape test test-slow lint ui clean lock

landscape: .venv/.installed
	$(BIN)/landscape browser
	$(BIN)/landscape refresh

ui: .venv/.installed
	$(BIN)/landscape ui

test: .venv/.installed-dev
	$(BIN)/landscape browser
	$(BIN)/python -m pytest

test-slow: .venv/.installed-dev
	$(BIN)/landscape browser
	$(BIN)/python -m pytest -m slow

lint: .venv/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:
	rm -rf .venv .dagster data/warehouse.duckdb* data/marts reports/figures reports/landscape.* reports/issues.xlsx
	git checkout -q -- data/marts 2>/dev/null || true

.venv/.installed: requirements.lock pyproject.toml
	@echo "Installing into .venv: two to five minutes, and about 900 MB of disk. This is done once."
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

# Works out the locks anew (needs uv), keeping what is pinned. No uv.lock: it would name download hosts.
COMPILE := uv pip compile --universal --generate-hashes --no-strip-extras --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --extra services --extra spss pyproject.toml
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock
