# make run: the product. make test: everything that CI runs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PY := $(VENV)/bin/python
MESSAGES := webapp/translations/fr/LC_MESSAGES/messages
HTMX := build/npm/node_modules/htmx.org/dist/htmx.min.js
NODE_CLIENTS := build/npm-sandbox/node_modules

.PHONY: run test lint bench fuzz screenshots i18n

run: $(VENV)/runtime $(MESSAGES).mo
	@exec $(PY) -m webapp.supervisor

test: $(VENV)/dev $(MESSAGES).mo $(HTMX) $(NODE_CLIENTS) lint
	$(PY) -m pytest -n auto

lint: $(VENV)/dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint templates --lint --quiet
	$(VENV)/bin/pip-audit --progress-spinner off -r requirements.txt --no-deps --disable-pip

fuzz: $(VENV)/dev
	$(PY) -m tests.fuzz

bench: $(VENV)/dev
	$(PY) -m tests.benchmarks $(ONLY)

screenshots: $(VENV)/dev $(MESSAGES).mo $(HTMX)
	$(PY) -m tests.browser.screenshots $(ONLY)

i18n: $(VENV)/dev
	$(VENV)/bin/pybabel extract -F pyproject.toml -k _l -k lazy_gettext -o build/messages.pot .
	$(VENV)/bin/pybabel update -i build/messages.pot -d webapp/translations -l fr --no-fuzzy-matching

$(VENV)/runtime: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/runtime
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

%.mo: %.po $(VENV)/runtime
	$(VENV)/bin/pybabel --quiet compile -i $< -o $@

$(HTMX): tests/browser/package.json
	mkdir -p build/npm
	cp $< build/npm/package.json
	npm install --silent --no-audit --no-fund --prefix build/npm
	@touch $@

$(NODE_CLIENTS): tests/sandbox/node/package.json
	mkdir -p build/npm-sandbox
	cp $< build/npm-sandbox/package.json
	npm install --silent --no-audit --no-fund --prefix build/npm-sandbox
	@touch $@
