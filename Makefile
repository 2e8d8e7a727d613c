# One command each. `make` alone says what there is.

python := .venv/bin/python
pytest := $(python) -m pytest -n 2 --dist loadgroup
export PORT

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run development packages lint types tests test check bench chaos docs snapshot lock docker rehearse clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

setup: ## make .venv from the lock file (the second time it does nothing)
	@scripts/setup.sh runtime

run: setup ## prepare the demo company and serve http://127.0.0.1:8000 (PORT=… changes it)
	@exec $(python) app.py run

development:
	@scripts/setup.sh development

packages:
	@scripts/debian_packages.sh install || echo "Tests that need these are skipped, each with its reason at the end (with CI set they fail)."

lint: development ## style and format
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

types: development ## strict type checking
	@$(python) -m mypy

tests: development
	@$(pytest)

check: lint types tests ## everything that has to be right, with what this machine has

test: packages check ## the same, after installing what the tests need

bench: development ## the storefront's conversation against a bare Flask route (bench/README.md)
	@$(python) -m bench.storefront

chaos: development ## kill servers in mid-conversation and look for anything lost
	@$(pytest) -m chaos tests/chaos

docs: development ## write the pages that are made from the code
	@$(python) app.py docs

snapshot: development ## take a new picture of what designers and plug authors rely on
	@$(python) app.py docs --snapshot

lock: ## make the lock files again from requirements/*.in
	@scripts/lock.sh

docker: ## build the production image
	docker build --tag motenashi .

rehearse: development ## carry out the image's steps in a folder, for machines without Docker
	@$(python) scripts/rehearse_image.py

clean: ## remove the environment and what tools left behind; never your data in var/
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
