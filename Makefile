.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
SETUP := .venv/.setup-done
# only what is there: a checkout may lack a folder that a later issue adds
SOURCES := $(wildcard functions layers/common/triagewire ops local tests bench)

.PHONY: help
help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

.PHONY: setup
setup: $(SETUP) ## Make the environments from the locked files (Python 3.13 is all it needs)

$(SETUP): requirements/dev.txt requirements/sam.txt requirements/install.sh
	@PYTHON="$(PYTHON)" requirements/install.sh
	@touch $@

.PHONY: lock
lock: setup ## Resolve requirements/*.in again into the locked files
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/layer.in -o layers/common/requirements.txt
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/sam.in -o requirements/sam.txt
COMPILE := --generate-hashes --python-version 3.13 --no-emit-index-url --no-header

.PHONY: format
format: setup ## Format the code and mend what ruff can mend
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

.PHONY: check
check: setup ## Format, lint and types
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy $(SOURCES)

.PHONY: unit
unit: setup ## The tests that need no stack
	$(BIN)/python -m pytest -q --ignore=tests/stack tests

.PHONY: test
test: setup check ## Everything: lint, types and every test
	$(BIN)/python -m pytest

.PHONY: clean
clean: ## Remove what was built, not the environments
	rm -rf .aws-sam build .mypy_cache .pytest_cache .ruff_cache .hypothesis
