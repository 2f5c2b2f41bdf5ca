# make demo   clone a voice, catch the clone, look at both        make test   run the tests
# make check  ruff, mypy, import-linter, docs                     make help   all targets
.DEFAULT_GOAL := help
.PHONY: help demo test check format pages picture lock clean
SHELL := /bin/bash

BIN := .venv/bin
DEMO ?= demo-output
WORKERS ?= 2
# Two workers share the cores; a thread pool in each of them would only fight.
QUIET_THREADS := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: ## Install, clone the bundled voice, convert, detect; writes demo-output/
	@requirements/install.sh run
	@$(BIN)/voxproof demo --output $(DEMO)

test: ## Install what tests need and run them (ARGS="-k text" picks some)
	@requirements/install.sh dev
	@$(QUIET_THREADS) $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: ## Lint, types, layers and docs
	@requirements/install.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; fi
	$(BIN)/python tools/check_docs.py

format: ## Put the code into its one format
	@requirements/install.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pages: ## Write docs/models.md, benchmarks/RESULTS.md and the README's table anew
	@requirements/install.sh run
	$(BIN)/python tools/models_page.py
	$(BIN)/python benchmarks/collect.py

picture: demo ## Refresh the picture of the README from the demo
	cp $(DEMO)/picture.png docs/picture.png

lock: ## Resolve the pinned requirements anew (needs uv)
	requirements/lock.sh

clean: ## Remove what the targets above made
	rm -rf .venv build $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache src/*.egg-info
