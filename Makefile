# The commands of a checkout. Each sets up what it needs; none writes outside this folder
# (make test installs Debian's chromium-headless-shell and postgresql-15 as root if they are missing).

.DEFAULT_GOAL := help
.PHONY: help run dev test test-deep check bench messages docs clean
MAKEFLAGS += --no-print-directory

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve a demonstration newsroom on http://127.0.0.1:8000 (PORT=, BROADSHEET_HOME=)
	@tools/uv.sh run
	@exec .venv/bin/broadsheet demo

dev: ## the same with autoreload and debug pages
	@tools/uv.sh dev
	@BROADSHEET_DEBUG=true exec .venv/bin/broadsheet demo --reload

check: ## everything that is quick: format, lint, types, layers, migrations, documents, fast tests
	@tools/uv.sh dev
	@.venv/bin/python tools/check.py

test: ## all tests on PostgreSQL and on SQLite, browser included (ARGS= goes to pytest)
	@tools/uv.sh dev
	@.venv/bin/python tools/test.py $(ARGS)

test-deep: ## long histories, corpora and load, on SQLite and on PostgreSQL
	@tools/uv.sh dev
	@.venv/bin/python tools/test.py --deep $(ARGS)

bench: ## measure what the design promises; writes var/bench/latest.json
	@tools/uv.sh dev
	@.venv/bin/python tools/bench.py

messages: ## bring what the code says into the catalogues, and compile them (LANGUAGES=fr: a new one)
	@tools/uv.sh dev
	@.venv/bin/python tools/messages.py $(LANGUAGES)

docs: ## build the documentation into docs/_build/html
	@tools/uv.sh dev
	@.venv/bin/sphinx-build -E -W --keep-going -q -b html docs docs/_build/html
	@echo docs/_build/html/index.html

clean: ## remove what the tools left; keeps .venv/, .uv/ and var/
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache docs/_build dist
	@find src tests tools docs -name __pycache__ -type d -prune -exec rm -rf {} +
