# One command each. `make` alone says what there is.

python := .venv/bin/python
pytest := $(python) -m pytest -n 2 --dist loadgroup
export PORT

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run development packages model lint types tests test check bench bench-voice bench-zoho demo-zoho soak-zoho quality chaos docs snapshot lock docker rehearse clean

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

model: development ## build the model that reads mail, when it is missing or old
	@$(python) app.py train --if-needed

lint: development ## style and format
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

types: development ## strict type checking
	@$(python) -m mypy

tests: development model
	@$(pytest)

check: lint types tests ## everything that has to be right, with what this machine has

test: packages check ## the same, after installing what the tests need

demo-zoho: development model ## a fake Zoho CRM with the demo company, and the server with that Zoho for its CRM (FAKE_PORT=8300)
	@$(python) -m scripts.demo_zoho

soak-zoho: development ## 10,000 changes on both sides while Zoho fails at random: nothing lost, nothing doubled
	@$(python) -m bench.zoho_soak

bench-zoho: development ## how fast the mirror of Zoho fills (20,000 to 200,000 records)
	@$(python) -m bench.zoho_fill

bench-voice: development model ## how fast with a million touchpoints: timeline, filters, dashboards, events (var/voice-world, 15 minutes)
	@$(python) -m bench.timeline --folder var/voice-world
	@$(python) -m bench.filters --folder var/voice-world
	@$(python) -m bench.voice_reports --folder var/voice-world
	@$(python) -m bench.voice_events --folder var/voice-world
	@$(python) -m bench.touchpoints
	@$(python) -m bench.voice_backfill
	@$(python) -m bench.emotions

bench: development model ## how fast: the storefront, reading mail, dates, advice (bench/README.md)
	@$(python) -m bench.storefront
	@$(python) -m bench.reading
	@$(python) -m bench.dates
	@$(python) -m bench.raw_mail
	@$(python) -m bench.advice
	@$(python) -m bench.next_events

quality: development model ## how well mail is read and advice given: writes docs/reading-quality.md, docs/advice-quality.md
	@$(python) -m bench.quality $(if $(wildcard ../shared/eval),--evaluation ../shared/eval)

chaos: development ## kill servers in mid-conversation and look for anything lost
	@$(pytest) -m chaos tests/chaos
	@KILL_EVERYWHERE=1 $(pytest) --timeout 900 tests/bulk_actions/test_bulk_killed.py

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
