# Every target sets up .venv by itself; only Python 3.11+ and make are needed.
PYTHON ?= python3
BIN := .venv/bin
# The pinned files name every package, so pip has nothing to resolve: an extra of a package would make it look for the newest
PIN := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes
# Without bytecode every start of vigie compiles its sources again, and the tests start it often
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo run test browser check coverage bench clean lock wheel
.DEFAULT_GOAL := demo

setup: .venv/.run

.venv/.run: requirements.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vigie demande Python 3.11 ou plus récent (essayez : make PYTHON=python3.12 $(MAKECMDGOALS))" >&2; exit 1; }
	@echo "Installation dans .venv (une seule fois)…"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { echo "Le module venv manque (Debian : apt install python3-venv)" >&2; exit 1; }
	@$(PIN) -r requirements.txt -r requirements-build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@$(PIN) -r requirements-dev.txt
	@touch $@

demo: .venv/.run
	@$(BIN)/vigie demo

run: .venv/.run
	@$(BIN)/vigie run

.venv/.bench: .venv/.dev requirements-bench.txt
	@$(PIN) -r requirements-bench.txt
	@touch $@

# Each worker would rewrite and compile every test for itself, all at the same time: what one wrote, the others read
.venv/.collected: .venv/.dev
	@$(BIN)/pytest --collect-only --quiet --quiet > /dev/null || true  # what is wrong with them, the run tells
	@touch $@

# One more than cores: tests of whole daemons mostly wait
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 2) + 1)')
test: .venv/.collected
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# What the tests of the published page in a real browser want; without it they are skipped, and say so
browser:
	@command -v chromium chromium-browser google-chrome > /dev/null || { apt-get update -qq && apt-get install -y -qq chromium; } > /dev/null
	@npm install --silent --ignore-scripts --no-audit --no-fund --no-save --prefix .venv/axe axe-core@4.14.1

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python deploy/papers.py --check

coverage: .venv/.dev
	$(BIN)/pytest -n auto --cov --cov-report=term

bench: .venv/.bench
	$(BIN)/python -m benchmarks $(DATA)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Renews the pinned files; needs uv. No index address goes into them.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --upgrade --quiet \
	--custom-compile-command "make lock"
lock:
	$(COMPILE) pyproject.toml -o requirements.txt
	printf "hatchling\neditables\n" | $(COMPILE) - -c requirements.txt -o requirements-build.txt
	$(COMPILE) --group dev -c requirements.txt -c requirements-build.txt -o requirements-dev.txt
	printf "psycopg[binary]>=3.2,<4\n" | $(COMPILE) - -c requirements.txt -c requirements-dev.txt -o requirements-postgres.txt
	$(COMPILE) --group bench -c requirements.txt -c requirements-dev.txt -o requirements-bench.txt
	$(MAKE) .venv/.run
	$(BIN)/python deploy/papers.py

# For a machine without the sources: what is built here asks for nothing there but requirements.txt
wheel: .venv/.run
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
