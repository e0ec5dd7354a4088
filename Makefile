# The project's front door: `make help` lists what there is.
PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
.DEFAULT_GOAL := help

.PHONY: help run dev test fresh nightly mutants drills check walk bench bench-nation lock clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

$(VENV)/.run: requirements.txt
	@sh ./.ci/install requirements.txt $(VENV) && touch $@

$(VENV)/.dev: requirements-dev.txt
	@sh ./.ci/install requirements-dev.txt $(VENV) && touch $@ $(VENV)/.run

run: $(VENV)/.run ## serve the product with its demo people at http://127.0.0.1:8000 (PORT=…)
	@DEMO=1 SITE_URL=http://127.0.0.1:$(PORT) $(PYTHON) manage.py serve --port $(PORT)

dev: $(VENV)/.run ## serve with autoreload and debug pages
	@DEMO=1 DEBUG=1 SITE_URL=http://127.0.0.1:$(PORT) $(PYTHON) manage.py migrate --verbosity 0
	@DEMO=1 DEBUG=1 $(PYTHON) manage.py createcachetable
	@DEMO=1 DEBUG=1 $(PYTHON) manage.py publish_courses
	@DEMO=1 DEBUG=1 $(PYTHON) manage.py make_demo
	@DEMO=1 DEBUG=1 SITE_URL=http://127.0.0.1:$(PORT) $(PYTHON) manage.py runserver $(PORT)

test: $(VENV)/.dev ## unit, contracts, content, both databases, browser
	@$(PYTHON) -m tests.run $(ARGS)

fresh: $(VENV)/.dev ## both commands of the README on a bare Debian in a chroot (needs root and debootstrap)
	@$(PYTHON) -m tests.fresh $(ARGS)

nightly: $(VENV)/.dev ## what takes too long for each change: the last release's code on the newest schema
	@$(PYTHON) -m tests.nightly $(ARGS)

mutants: $(VENV)/.dev ## change each rule of scoring and completion a little, and see a test go red
	@$(PYTHON) -m tests.mutation $(ARGS)

drills: $(VENV)/.dev ## the long proofs that no answer is lost, doubled or leaked (ARGS="race kill crash trace leak room mail")
	@$(PYTHON) -m tests.drills $(ARGS)

check: $(VENV)/.dev ## ruff, mypy, templates, HTML of every page, spelling, migrations, deployment settings
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/djlint --lint --quiet templates
	$(PYTHON) -m tests.spelling
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check_courses
	$(PYTHON) -m tests.html
	set -a && . deploy/notice.env.example && DATABASE_URL= && \
	  SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') && \
	  $(PYTHON) manage.py check --deploy --fail-level WARNING

walk: $(VENV)/.dev ## walk the learner's way in a real browser: taps, heights, views and weights, one line a figure; pictures in var/walk
	@$(PYTHON) -m tests.walk $(ARGS)

bench: $(VENV)/.dev ## measure speed and size against bare Django on the same machine
	@$(PYTHON) -m tests.bench

bench-nation: $(VENV)/.dev ## measure the pages of trainers and managers in a nation of learners (ARGS="--size 1" for 1,000,000)
	@$(PYTHON) -m tests.nation $(ARGS)

lock: $(VENV)/.dev ## write the hash-locked requirement files again
	$(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --quiet --upgrade -o requirements.txt
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --quiet --upgrade -o requirements-dev.txt

clean: ## remove what was installed and made; keeps the database in var/
	rm -rf $(VENV) var/static
