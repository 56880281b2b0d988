# Everything goes through .venv and manage.py; `make help` lists what there is.
PORT ?= 8000
CITY ?= mianyang
SCALE ?= small
SERVE ?= yes
TESTS ?= tests
WORKERS ?= auto
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test run worker rules lint types floors check bench docs inventory screens lock stop clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 12

setup: ## create .venv and install requirements.lock, when it changed
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=/path/to/python." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "This Python cannot create virtual environments (venv)." >&2; exit 1; }
	@cmp -s requirements.lock .venv/installed.lock || { echo "Installing requirements.lock ..." \
		&& $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock \
		&& cp requirements.lock .venv/installed.lock; }

demo: setup ## build the demo city, settle 2023-05, serve it (PORT=8000 CITY=mianyang SCALE=small SERVE=yes)
	@$(MANAGE) demo --city $(CITY) --scale $(SCALE) --port $(PORT) --serve $(SERVE)

test: setup ## the whole test suite (TESTS=path WORKERS=auto)
	@$(BIN)/pytest -n $(WORKERS) --maxprocesses=8 $(TESTS)

run: setup ## web server, worker and clock on the present data (PORT=8000)
	@$(MANAGE) serve --port $(PORT)

worker: setup ## one Celery worker by itself
	@$(BIN)/celery --app=bureau.celery worker --loglevel=INFO

rules: setup ## the pure rules and the documents' worked examples: no database, seconds
	@$(BIN)/pytest -q -m "not django_db" $(wildcard tests/bureau/kernel tests/*/rules tests/bureau/*/rules tests/scenarios)

lint: setup ## ruff, and migrations that match the models
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

types: setup ## mypy
	@$(BIN)/mypy

floors: setup ## import-linter: floors, rooms, front doors, purity
	@$(BIN)/lint-imports

check: lint types floors test ## all of these

bench: setup ## measure (SCALE=small, or a factor of it), and write var/bench.json
	@$(BIN)/python -m tests.bench --scale $(SCALE)

docs: setup ## docs/requirements.md from docs/requirements.csv
	@$(MANAGE) requirements_page

inventory: setup ## var/sbom.json, and what production installs in var/production.lock
	@$(MANAGE) inventory > var/sbom.json
	@$(MANAGE) inventory --lock > var/production.lock

screens: setup ## docs/screens/ from the demo city, with Chromium
	@$(BIN)/python -m tests.screens

lock: setup ## requirements.lock from pyproject.toml
	@$(BIN)/python -m pip install --quiet pip-tools
	@$(BIN)/python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb')); \
		print(*p['project']['dependencies'], *sum(p['dependency-groups'].values(), []), sep='\n')" \
		| CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-annotate \
		--no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock -

stop: ## end the portal of this checkout and its services
	@test ! -x $(BIN)/python || { $(MANAGE) serve --stop && $(MANAGE) services stop; }

clean: stop ## remove the data of the services (not .venv)
	@test ! -x $(BIN)/python || $(MANAGE) services clean
