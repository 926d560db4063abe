# Two commands do everything: `make demo` shows what Bullseye does, `make test` proves that it works.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip

.PHONY: demo test trials check dev docs bench-main bench-intake bench-resolution bench-fetch bench-reading bench-accuracy bench-coverage bench-reasoning bench-validity bench-portal bench-quality bench-doors bench-durability lock clean

demo: .venv/main.stamp  ## Set up what the main job needs and run it on examples/
	@$(BIN)/bullseye demo

test: .venv/dev.stamp  ## Set up what tests need and run them, but for the slow trials
	@$(BIN)/pytest -n auto -m "not slow"

trials: .venv/dev.stamp  ## The slow trials: whole runs that are killed, lied to, attacked and measured; BUT=long leaves out the longest
	@$(BIN)/pytest -n auto -m "slow$(if $(BUT), and not $(BUT))"

check: .venv/dev.stamp  ## Format, lint, types, shape: the whole truth but for the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest tests/test_shape.py tests/test_docs.py

dev: .venv/dev.stamp  ## Open the graph in Dagster's web page
	@mkdir -p data/dagster && DAGSTER_HOME=$(CURDIR)/data/dagster && cp dagster.yaml data/dagster/ \
		&& DAGSTER_HOME=$(CURDIR)/data/dagster $(BIN)/dagster dev

.venv/uv.stamp: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Bullseye needs Python 3.11 to 3.13; name one with: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

.venv/main.stamp: .venv/uv.stamp requirements.lock pyproject.toml
	@VIRTUAL_ENV=$(CURDIR)/.venv $(UV) install --quiet --require-hashes --compile-bytecode -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/.venv $(UV) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/main.stamp requirements-dev.lock
	@VIRTUAL_ENV=$(CURDIR)/.venv $(UV) install --quiet --require-hashes --compile-bytecode -r requirements-dev.lock
	@touch $@

.venv/bench.stamp: .venv/uv.stamp requirements-bench.lock  # the peers of the benchmarks, apart from what we run on
	@$(BIN)/python -m venv .venv/bench
	@VIRTUAL_ENV=$(CURDIR)/.venv/bench $(UV) install --quiet --require-hashes --compile-bytecode -r requirements-bench.lock
	@touch $@

bench-main: .venv/main.stamp  ## Measure the main job; LEADS, WEB and AS_OF name a run of your own
	@$(BIN)/python benchmarks/main_job.py $(if $(LEADS),--leads $(LEADS)) $(if $(WEB),--web $(WEB)) $(if $(AS_OF),--as-of $(AS_OF))

bench-resolution: .venv/dev.stamp  ## Measure precision and recall of resolution; YC_OLD, YC_NEW and LISTED name lists of your own
	@$(BIN)/python benchmarks/resolution.py $(if $(YC_OLD),--yc-old $(YC_OLD)) $(if $(YC_NEW),--yc-new $(YC_NEW)) $(if $(LISTED),--listed $(LISTED))

bench-intake: .venv/main.stamp  ## Measure how long ten million rows take to come in; ROWS names another number
	@$(BIN)/python benchmarks/intake.py $(if $(ROWS),--rows $(ROWS))

bench-fetch: .venv/main.stamp .venv/bench.stamp  ## Measure fetching beside Scrapy, a second run, and a crowd that misbehaves; needs nginx
	@$(BIN)/python benchmarks/fetch.py --peer .venv/bench/bin/python

bench-reading: .venv/main.stamp .venv/bench.stamp  ## Measure ms a page of all readers beside lxml, trafilatura, extruct, openleads; WARC names archives of your own
	@$(BIN)/python benchmarks/reading.py --peer .venv/bench/bin/python $(WARC)

bench-accuracy: .venv/main.stamp  ## Measure what pages are read as against what people marked on them; WARC and GOLD name an archive of your own
	@$(BIN)/python benchmarks/accuracy.py $(if $(WARC),--warc $(WARC)) $(if $(GOLD),--gold $(GOLD))

bench-coverage: .venv/main.stamp  ## Measure of how many organizations each property is found; WARC, LEADS and AS_OF name an archive of your own
	@$(BIN)/python benchmarks/coverage.py $(if $(WARC),--warc $(WARC)) $(if $(LEADS),--leads $(LEADS)) $(if $(AS_OF),--as-of $(AS_OF))

bench-validity: .venv/main.stamp  ## Measure whether what is read agrees with labels others gave; PROFILES names a folder of your own
	@$(BIN)/python benchmarks/validity.py $(if $(PROFILES),--profiles $(PROFILES))

bench-reasoning: .venv/main.stamp  ## Measure reasoning about ten million facts, and four times as many; ORGANIZATIONS names another number
	@$(BIN)/python benchmarks/reasoning.py $(if $(ORGANIZATIONS),--organizations $(ORGANIZATIONS))

bench-portal: .venv/dev.stamp  ## Measure the page and a filtered download on 300,000 organizations; ORGANIZATIONS names another number
	@$(BIN)/python benchmarks/portal.py $(if $(ORGANIZATIONS),--organizations $(ORGANIZATIONS))

bench-quality: .venv/main.stamp  ## Measure auditing five million rows beside a hand-written SQL of the same checks; ROWS names another number
	@$(BIN)/python benchmarks/quality.py $(if $(ROWS),--rows $(ROWS))

bench-durability: .venv/main.stamp  ## Kill runs at random moments and see what is lost; KILLS and SEED name others than 200 and 7
	@$(BIN)/python benchmarks/durability.py $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

bench-doors: .venv/main.stamp demo  ## Measure the page under load and under attack; HOME_DIR names a home of your own
	@$(BIN)/python benchmarks/doors.py $(if $(HOME_DIR),--home $(HOME_DIR))

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

docs: demo  ## Write docs/ again: the dictionary from what the demo built, the schemas from the types
	@cp demo/releases/current/dictionary.md docs/data-dictionary.md
	@for of in icp settings; do $(BIN)/bullseye schema $$of > docs/$$of.schema.json; done

lock: .venv/uv.stamp  ## Resolve pyproject.toml again; the locks name no index
	@$(COMPILE) --extra dev pyproject.toml -o requirements-dev.lock
	@$(COMPILE) -c requirements-dev.lock pyproject.toml -o requirements.lock
	@$(COMPILE) -c requirements-dev.lock --group bench -o requirements-bench.lock
	@echo uv | $(COMPILE) - -o requirements-uv.lock

clean:  ## Remove what was set up and what the demo wrote
	rm -rf .venv demo
