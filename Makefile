# One command for each thing a developer does; `make help` lists them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
JS_TESTS = $(shell find tests/js -name '*.test.js' 2>/dev/null)
TESTS ?=
WORK ?=
REPEAT ?= 1
# Every processor works; tests that share a server or a browser stay on one of them.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup
# Checks read the settings, which want a folder for secrets; not the one that is served.
CHECKS := SIGNALBOX_VAR=.tools/var
# What is made up has a folder of its own, whatever is set for the real installation.
SIZE ?= small
RATE ?= 1000
DEMO = env -u DATABASE_URL -u REDIS_URL -u SITE_URL SIGNALBOX_VAR="$(CURDIR)/var/demo-$(SIZE)"

GATHER := --no-location --no-wrap --no-obsolete --ignore .venv --ignore node_modules --ignore tests --ignore var --verbosity 0

.DEFAULT_GOAL := help
.NOTPARALLEL:

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##### Run

.PHONY: run
run: runtime ## Serve this checkout on http://127.0.0.1:8000 (HOST=, PORT=)
	@exec $(MANAGE) serve --prepare --bind $(HOST) --port $(PORT)

.PHONY: demo
demo: runtime ## Make up people, rooms and talk in var/demo, and serve that (SIZE=large)
	@$(DEMO) $(MANAGE) migrate --no-input --verbosity=0
	@$(DEMO) $(MANAGE) demo --once --size $(SIZE)
	@exec $(DEMO) $(MANAGE) serve --prepare --bind $(HOST) --port $(PORT)

.PHONY: demo-feed
demo-feed: runtime ## Send made-up prices, a thousand a second, to what make demo serves (RATE=)
	@exec $(DEMO) $(MANAGE) demo_feed --url http://$(HOST):$(PORT) --rate $(RATE)

.PHONY: cluster
cluster: dev system-packages ## Serve three workers behind nginx, with PostgreSQL and Valkey (PORT=)
	@exec env PYTHONPATH=. $(BIN)/python bin/cluster --port $(PORT)

.PHONY: shell
shell: dev ## Open a Python shell with the models loaded
	@$(MANAGE) shell

.PHONY: migrations
migrations: dev ## Write migrations for changed models
	@$(MANAGE) makemigrations

.PHONY: translations
translations: dev ## Gather texts to translate into locale/, and compile them; needs gettext
	@$(CHECKS) $(MANAGE) makemessages --all --domain django $(GATHER)
	@$(CHECKS) $(MANAGE) makemessages --all --domain djangojs --ignore static/vendor $(GATHER)
	@$(CHECKS) $(MANAGE) compilemessages --ignore .venv --ignore node_modules --verbosity 0

##### Test

.PHONY: test
test: dev system-packages node-modules ## Run every test: JavaScript, Python on SQLite, Python on PostgreSQL
	@$(MAKE) --no-print-directory --keep-going test-js test-sqlite test-postgres
	@$(call with_node,:)

.PHONY: test-js
test-js: node-modules ## Run the JavaScript tests
	@$(call with_node,node --test --test-reporter=spec $(JS_TESTS))

.PHONY: test-sqlite
test-sqlite: dev system-packages ## Run the Python tests on SQLite, journeys in Chromium included (TESTS=)
	@$(PYTEST) $(TESTS)

.PHONY: test-postgres
test-postgres: dev system-packages ## Run the tests that touch a database on PostgreSQL (TESTS=)
	@$(PYTEST) --database=postgres $(TESTS)

# Not side by side: they would break each other's machine.
.PHONY: faults
faults: dev system-packages ## Kill, stop, cut and lock everything under load, for long (TESTS=, REPEAT=)
	@for round in $$(seq $(REPEAT)); do for database in sqlite postgres; do echo "Round $$round of $(REPEAT), $$database"; \
	  $(BIN)/python -m pytest --long --database=$$database -rP $(or $(TESTS),tests/faults) || exit 1; done; done

.PHONY: bench
bench: dev system-packages ## Measure sockets beside our peers; two quiet cores, half an hour (WORK=, MINUTES=)
	@MINUTES=$(MINUTES) $(BIN)/python -m benchmarks $(WORK)

##### Check

.PHONY: check
check: dev node-modules ## Run every check: style, types, imports, templates, migrations, locks
	@# mypy takes as long as all the others, and one processor.
	@$(MAKE) --no-print-directory check-types & types=$$!; \
	  $(MAKE) --no-print-directory --keep-going $(addprefix check-,python imports templates frontend migrations lock); \
	  others=$$?; wait $$types && exit $$others
	@echo "All checks passed."

.PHONY: check-python
check-python: dev
	@$(BIN)/ruff format --check --quiet --diff .
	@$(BIN)/ruff check --quiet .

.PHONY: check-types
check-types: dev
	@$(CHECKS) $(BIN)/mypy --no-error-summary

.PHONY: check-imports
check-imports: dev
	@$(CHECKS) $(BIN)/lint-imports --no-logo

.PHONY: check-templates
check-templates: dev
	@$(BIN)/djlint --quiet --lint templates

.PHONY: check-frontend
check-frontend: node-modules
	@$(call with_node,node_modules/.bin/biome ci --error-on-warnings --colors=off)

.PHONY: check-migrations
check-migrations: dev
	@$(CHECKS) $(MANAGE) makemigrations --check --dry-run
	@$(CHECKS) $(MANAGE) check --fail-level WARNING

.PHONY: check-lock
check-lock: dev
	@$(BIN)/python bin/lock --check

##### Change

.PHONY: format
format: dev node-modules ## Format Python, JavaScript and CSS, and mend what can be mended
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .
	@$(call with_node,node_modules/.bin/biome check --write)

.PHONY: lock
lock: dev ## Make the lock files from requirements*.in and package.json
	@$(BIN)/python bin/lock
	@$(call with_node,npm install --package-lock-only --loglevel=error)

.PHONY: upgrade
upgrade: dev ## Move every locked requirement to its newest allowed version
	@$(BIN)/python bin/lock --upgrade

.PHONY: clean
clean: ## Remove what tools made; the installation in var/ stays
	@rm -rf .tools .venv node_modules .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

##### What the others stand on

.PHONY: runtime
runtime:
	@$(PYTHON) bin/bootstrap runtime

.PHONY: dev
dev:
	@$(PYTHON) bin/bootstrap dev

.PHONY: system-packages
system-packages:
	@bin/install-system-packages

.PHONY: node-modules
node-modules:
	@! command -v npm >/dev/null 2>&1 || $(MAKE) --no-print-directory --silent node_modules/.package-lock.json

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --silent --no-progress || { echo "npm ci failed: npm's lock may be old (make lock)"; exit 1; }
	@touch $@

# Without Node.js its part is left out aloud, in CI it fails.
define with_node
if command -v npm >/dev/null 2>&1; then $(1); \
elif [ "$$CI" = true ]; then echo "NOT INSTALLED: Node.js with npm"; exit 1; \
else echo "LEFT OUT of make $@: Node.js with npm is not installed"; fi
endef
