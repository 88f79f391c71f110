# Everything needed to run, test and check Traintable; `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults screenshots translations lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: $(READY) ## open the window on the embedded database
	@$(BIN)/traintable

test: $(READY) ## run the test suite (PostgreSQL parts need TRAINTABLE_TEST_POSTGRES_URL)
	$(BIN)/python -m pytest

check: $(READY) ## lint, types, import contracts, translations, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python packaging/translations.py --check
	$(BIN)/python packaging/check_migrations.py

bench: $(READY) ## measure, beside a peer in the same run
	$(BIN)/python -m tests.benchmarks

faults: $(READY) ## the long fault and property suites
	TRAINTABLE_FAULTS=1 $(BIN)/python -m pytest -m faults --timeout 3600
	TRAINTABLE_FULL_ORACLE=1 $(BIN)/python -m pytest tests/properties/test_cron_against_oracle.py \
		--timeout 3600

screenshots: $(READY) ## make the pictures of every page
	$(BIN)/python packaging/screenshots.py

translations: $(READY) ## take new texts into the catalogue and compile it
	$(BIN)/python packaging/translations.py

lock: ## choose the newest allowed releases (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --quiet --output-file requirements.lock

clean: ## remove what make made
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml packaging/setup.sh
	@PYTHON=$(PYTHON) packaging/setup.sh
	@touch $(READY)
