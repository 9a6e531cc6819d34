# What people and CI do with this project. `make help` lists it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Targets take turns: they share two environments, and their output should be read.
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Many processes are started: none should compile again what another one has.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

VENV := $(CURDIR)/backend/.venv/bin
PREPARE = "$(PYTHON)" backend/scripts/prepare.py
ROSTER := PYTHONPATH="$(CURDIR)/backend" exec "$(VENV)/python" -m roster
NODE_BIN := node_modules/.bin
CLIENT := frontend/src/api/schema.d.ts
FRESH_CLIENT := frontend/node_modules/.cache/roster/schema.d.ts
# The house rules that read the code; those that ask a database are in `make test`.
HOUSE := tests/house $(patsubst %,--ignore=tests/house/test_%.py,\
	authorization database_roles leaks migrations query_counts)
# Processes that serve; none: as ROSTER_WORKERS says.
WORKERS ?=
# Processes for the backend tests, as pytest-xdist takes them.
TEST_WORKERS ?= auto
# Requests to each operation when fuzzing for long.
EXAMPLES ?= 100
# What to measure: requests browsing fan-out sign-ins lists imports shipping; all if
# empty.
SUITES ?=
# How long make profile records, and which process; none: the one server there is.
SECONDS ?= 10
PID ?=
# How often each drill breaks what it breaks, and which drills; none: all.
ROUNDS ?= 10
DRILL ?=
# How long to soak, and on which database.
MINUTES ?= 10
ENGINE ?= postgresql
# How often each drill of jobs kills.
KILLS ?= 10

.PHONY: help
help: ## List what make can do here
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

.PHONY: _need-python _python _node _spa
_need-python:
	@command -v "$(PYTHON)" >/dev/null || { echo "Roster cannot start: there is no $(PYTHON) here: install Python 3.11 or newer, or name it with PYTHON=…" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Roster cannot start: it needs Python 3.11 or newer, and $(PYTHON) is %d.%d: name another with PYTHON=…" % sys.version_info[:2])'
_python: _need-python
	@$(PREPARE) python
_node: _need-python
	@$(PREPARE) node
_spa: _need-python
	@$(PREPARE) spa

.PHONY: prepare
prepare: _python _node ## Install what working on Roster needs

.PHONY: run
run: _python _spa ## Serve Roster on one port (HOST, PORT, WORKERS, ROSTER_DATA_DIR)
	@ROSTER_SPA_DIR=frontend/dist $(ROSTER) serve --host "$(HOST)" --port "$(PORT)" $(if $(WORKERS),--workers "$(WORKERS)")

.PHONY: dev
dev: _python _node ## Serve with reload on both sides; open the address that Vite prints
	@ROSTER_PUBLIC_URL="$${ROSTER_PUBLIC_URL:-http://localhost:5173}" $(ROSTER) serve --reload --host "$(HOST)" --port "$(PORT)" & api=$$!; \
	trap 'kill $$api 2>/dev/null; wait $$api' EXIT; \
	cd frontend && ROSTER_API="http://$(HOST):$(PORT)" $(NODE_BIN)/vite

.PHONY: worker
worker: _python ## Do jobs in a process of its own (ROSTER_REDIS_URL)
	@$(ROSTER) worker

.PHONY: check
check: _python _node ## Everything that reads the code: style, types, house rules
	cd backend && "$(VENV)/ruff" check . && "$(VENV)/ruff" format --check --quiet .
	cd backend && "$(VENV)/mypy"
	cd backend && "$(VENV)/python" -m pytest --quiet -p no:cacheprovider $(HOUSE)
	cd frontend && npm run --silent lint
	cd frontend && npm run --silent typecheck
	@$(MAKE) client-check

.PHONY: client
client: _client ## Write the browser app's API types from the API
	@cmp -s $(FRESH_CLIENT) $(CLIENT) || cp $(FRESH_CLIENT) $(CLIENT)

.PHONY: client-check
client-check: _client ## Fail when the API types in git are not those of the API
	@diff --unified $(CLIENT) $(FRESH_CLIENT) >&2 || { echo "$(CLIENT) is stale: run make client and commit it." >&2; exit 1; }

.PHONY: _client
_client: _python _node
	@mkdir -p $(dir $(FRESH_CLIENT))
	@$(ROSTER) openapi --output $(FRESH_CLIENT).json
	@cd frontend && $(NODE_BIN)/openapi-typescript ../$(FRESH_CLIENT).json --output ../$(FRESH_CLIENT) >/dev/null

.PHONY: test
test: ## All tests: browser app, journeys in Chromium, backend on SQLite and PostgreSQL
	@$(MAKE) test-frontend
	@$(MAKE) e2e
	@$(MAKE) test-backend

.PHONY: test-frontend
test-frontend: _node ## Unit tests of the browser app
	cd frontend && npm run --silent test

.PHONY: e2e
e2e: _python _spa ## Journeys through the real stack in a real Chromium
	cd frontend && npm run --silent size
	cd frontend && npm run --silent e2e

.PHONY: test-backend
test-backend: _python ## Backend tests on SQLite and on a real PostgreSQL
	cd backend && "$(VENV)/python" -m pytest --quiet --numprocesses $(TEST_WORKERS) --dist worksteal

.PHONY: test-clients
test-clients: _python ## What is exported, in the real coding tools (installed into a cache)
	cd backend && "$(VENV)/python" -m pytest --quiet tests/clients/test_shipped.py tests/real_clients

.PHONY: fuzz
fuzz: _python ## Odd requests to every operation by two people, for long (EXAMPLES=100)
	cd backend && FUZZ_EXAMPLES="$(EXAMPLES)" "$(VENV)/python" -m pytest --quiet --numprocesses $(TEST_WORKERS) tests/clients/test_fuzz.py tests/clients/test_peers.py

.PHONY: drill
drill: _python ## Break everything under load, often, and compare (ROUNDS=10, DRILL=part of a name)
	cd backend && ROSTER_TEST_ROUNDS="$(ROUNDS)" ROSTER_TEST_DRILL="$(DRILL)" "$(VENV)/python" -m pytest --quiet --capture=no tests/drills
	[ -n "$(DRILL)" ] || $(MAKE) drill-jobs KILLS="$(ROUNDS)"

.PHONY: soak
soak: _python ## Work for long (MINUTES=10) on ENGINE=postgresql or sqlite; fail where anything grows
	cd backend && "$(VENV)/python" -m tests.drills.soak "$(MINUTES)" "$(ENGINE)"

.PHONY: drill-jobs
drill-jobs: _python ## Kill servers and workers in the middle of jobs, often (KILLS=10)
	cd backend && ROSTER_TEST_KILLS="$(KILLS)" "$(VENV)/python" -m pytest --quiet tests/workers tests/imports/test_kill.py tests/upstreams/test_kill.py

.PHONY: fix
fix: _python _node ## Mend style and formatting where a program can
	cd backend && "$(VENV)/ruff" check --fix --quiet . ; "$(VENV)/ruff" format --quiet .
	cd frontend && npm run --silent format

.PHONY: migrate
migrate: _python ## Bring the database to the schema of this version
	@$(ROSTER) migrate

.PHONY: audit-verify
audit-verify: _python ## Verify that no audit event was changed, removed or put in
	@$(ROSTER) audit-verify

.PHONY: backup
backup: _python ## Keep the whole instance in one file, while it runs (TO=…, KEYS=1)
	@$(ROSTER) backup $(if $(TO),--to "$(TO)") $(if $(KEYS),--with-keys)

.PHONY: restore
restore: _python ## Bring a backup back into an empty place (FILE=…)
	@[ -n "$(FILE)" ] || { echo "Name the backup: make restore FILE=…" >&2; exit 1; }
	@$(ROSTER) restore "$(FILE)"

.PHONY: revision
revision: _python ## Write a migration from the tables as they are now (m="What it does")
	@[ -n "$(m)" ] || { echo 'Say what it does: make revision m="Add a table of …"' >&2; exit 1; }
	@$(ROSTER) revision --message "$(m)"

.PHONY: lock
lock: _python ## Write the Python lock files anew (UPGRADE=1: with newer versions)
	cd backend && $(call compile,requirements.lock) && $(call compile,requirements-dev.lock,--group dev)

compile = "$(VENV)/uv" pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(2) pyproject.toml --output-file $(1)

.PHONY: bench
bench: _python ## Measure speed and write backend/bench/latest.json (SUITES="requests lists")
	cd backend && "$(VENV)/python" -m bench $(SUITES)

.PHONY: bench-peers
bench-peers: _python ## The same requests to PocketBase as well, in the same rounds
	cd backend && "$(VENV)/uv" pip install --quiet --python "$(VENV)/python" --require-hashes -r requirements-peers.lock
	cd backend && "$(VENV)/python" -m bench requests --peers

.PHONY: profile
profile: _python ## Record what the running server does into profile.svg (SECONDS=10, PID=…)
	@"$(VENV)/python" backend/scripts/record_profile.py "$(VENV)" "$(SECONDS)" profile.svg "$(PID)"

.PHONY: import-check
import-check: _python ## Run the parser over a folder of files and count (DIR=…)
	@[ -d "$(DIR)" ] || { echo "Name a folder: make import-check DIR=path" >&2; exit 1; }
	@PYTHONPATH="$(CURDIR)/backend" exec "$(VENV)/python" -m roster.import_check "$(DIR)"

.PHONY: clean
clean: ## Remove what was installed or built; data stays
	rm -rf backend/.venv backend/.lock backend/.*_cache backend/.coverage backend/.hypothesis
	rm -rf frontend/node_modules frontend/dist* frontend/.browser frontend/.lock frontend/coverage frontend/e2e-out
	find backend -name __pycache__ -type d -prune -exec rm -rf {} +
