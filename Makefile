.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
SETUP := .venv/.setup-done
AUDIT_SETUP := .venv-audit/.setup-done
# only what is there
SOURCES := $(wildcard functions layers/common/triagewire ops local tests bench modelling infra/audit)

.PHONY: help
help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

.PHONY: setup
setup: $(SETUP) ## Make the environments from the locked files (Python 3.13 is all it needs)

$(SETUP): requirements/dev.txt requirements/sam.txt requirements/install.sh
	@PYTHON="$(PYTHON)" requirements/install.sh
	@touch $@

$(AUDIT_SETUP): $(SETUP) requirements/audit.txt
	@PYTHON="$(PYTHON)" requirements/install.sh audit
	@touch $@

.PHONY: lock
lock: setup ## Resolve requirements/*.in again into the locked files
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/layer.in -o layers/common/requirements.txt
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/sam.in -o requirements/sam.txt
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements/audit.in -o requirements/audit.txt
COMPILE := --generate-hashes --python-version 3.13 --no-emit-index-url --no-header

BUILT := .aws-sam/build

.PHONY: build
build: setup ## Build the functions and the layer, with compiled bytecode (a deployment builds so too)
	PATH="$(CURDIR)/$(BIN):$$PATH" SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam build
	# Lambda's code folders are read-only: without .pyc files every cold start compiles all it imports,
	# and with dated ones it finds them stale. Hash-based files that are not checked have neither trouble.
	$(BIN)/python -m compileall -q -j 2 --invalidation-mode unchecked-hash \
	    -s $(BUILT)/CommonLayer -p /opt $(BUILT)/CommonLayer
	for folder in $(BUILT)/*Function; do \
	    $(BIN)/python -m compileall -q --invalidation-mode unchecked-hash \
	        -s "$$folder" -p /var/task "$$folder" || exit 1; \
	done
	# Lambda runs as another user than who built: whatever their umask is, it must be able to read all of it.
	chmod -R u=rwX,go=rX $(BUILT)

.PHONY: up
up: setup ## Start the embedded stack, deploy to it and leave it running
	@$(BIN)/python -m local.stack up
	@PYTHONPATH=layers/common $(BIN)/python -m local.demo.handmade

.PHONY: down
down: setup ## Stop the embedded stack
	@$(BIN)/python -m local.stack down

.PHONY: demo
demo: setup ## Replay one clinic day on the embedded stack
	@$(BIN)/triagewire demo

AUDIT_NODE := .venv-audit/node/.setup-done
$(AUDIT_NODE): $(AUDIT_SETUP) infra/audit/package-lock.json
	@mkdir -p $(@D)
	@cp infra/audit/package.json infra/audit/package-lock.json $(@D)/
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: audit
audit: $(AUDIT_NODE) ## Ask public checkers and rules of our own about the template (needs Node 20)
	@$(BIN)/python -m infra.audit

.PHONY: sbom
sbom: setup ## List the parts of the layer in CycloneDX: build/sbom.cdx.json
	$(SUPPLY).sbom $(SBOM_FLAGS)
SUPPLY := PYTHONPATH=.:layers/common $(BIN)/python -m ops.supply

.PHONY: licences
licences: setup ## Write docs/licences.md, and refuse a part that may not be shipped
	$(SUPPLY).licences

.PHONY: reproduce
reproduce: setup ## Build twice in two places and compare every file
	$(SUPPLY).reproduce $(REPRODUCE_FLAGS)

.PHONY: code-audit
code-audit: $(AUDIT_SETUP) ## Look for faults of security, secrets and slow patterns in the code
	@$(SUPPLY).code_audit $(CODE_AUDIT_FLAGS)

.PHONY: pip-audit
pip-audit: $(AUDIT_SETUP) ## Ask for known faults of the locked packages (needs the advisories: exit 3 without)
	@$(SUPPLY).vulnerabilities $(PIP_AUDIT_FLAGS)

.PHONY: format
format: setup ## Format the code and mend what ruff can mend
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

.PHONY: check
check: setup ## Format, lint and types
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy $(SOURCES)

.PHONY: template
template: setup ## Check the template with cfn-lint and sam validate
	$(BIN)/cfn-lint infra/template.yaml
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint

.PHONY: model
model: setup ## Train the second opinion again and write its figures (after any change of rules)
	PYTHONPATH=.:layers/common $(BIN)/python -m modelling train

.PHONY: model-check
model-check: setup ## Whether the shipped second opinion is what training gives
	PYTHONPATH=.:layers/common $(BIN)/python -m modelling check

.PHONY: unit
unit: setup ## The tests that need no stack
	$(BIN)/python -m pytest -q -n auto --dist worksteal --ignore=tests/stack tests

.PHONY: test
test: setup ## Everything: lint, types, the template and every test
	# The tests that need no stack run meanwhile, behind the rest: checks use one core, and the tests
	# of the stack, those in a browser too, share one stack, take turns and mostly wait.
	@mkdir -p build; nice -n 19 $(MAKE) --no-print-directory unit > build/unit.log 2>&1 & others=$$!; \
	trap 'kill $$others; exit 130' INT TERM; \
	$(MAKE) --no-print-directory check template || { kill $$others; exit 1; }; \
	$(BIN)/python -m pytest -q tests/stack; stack=$$?; \
	wait $$others; others=$$?; tail -n 60 build/unit.log; \
	exit $$((stack || others))

.PHONY: clean
clean: ## Remove what was built, not the environments
	rm -rf .aws-sam build .mypy_cache .pytest_cache .ruff_cache .hypothesis
