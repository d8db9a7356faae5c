# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
#
# make demo    the whole chain on a built-in photograph, under a minute
#              CAMERA=0 a webcam · VIDEO=file · IMAGES=folder · DURATION=seconds
#              SCRIPT=none to be alone with the robot · SCRIPT=file
#              WEB=1 with the panel at http://127.0.0.1:8066/
# make test    every test but the slow ones
# make help    the rest

.DEFAULT_GOAL := help
# What is given as VARIABLE=value reaches the shell as it was written, whatever letters it has.
GIVEN := CAMERA VIDEO IMAGES SCRIPT DURATION WEB DECODER
$(foreach name,$(GIVEN),$(eval override export $(name) := $$(value $(name))))
.PHONY: help demo test test-slow soak bench gallery lint lock format clean

help:  ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo:  ## run the real nodes on a photograph and write out/demo/
	@WITH=demo ./run python -m emotion_agent.commands.demo \
		$${CAMERA:+--camera "$$CAMERA"} $${VIDEO:+--video "$$VIDEO"} \
		$${IMAGES:+--images "$$IMAGES"} $${SCRIPT:+--script "$$SCRIPT"} \
		$${DURATION:+--duration "$$DURATION"} $${WEB:+--web}

test:  ## every test that takes less than 20 s, by three processes, of which one mostly waits
# Bytecode is kept even where PYTHONDONTWRITEBYTECODE is set: to compile the tests takes each worker 7 s.
	@WITH='demo training development' PYTHONDONTWRITEBYTECODE= ./run pytest -n 3 --dist loadgroup \
		-m 'not slow and not soak' $(ARGS)

test-slow:  ## the tests that take longer
	@WITH='demo training development' ./run pytest -m slow --timeout 1800 $(ARGS)

soak:  ## endurance checks at full length
	@WITH='demo training development' ./run pytest -m soak --timeout 7200 -s $(ARGS)

bench:  ## speed, memory and bytes beside a peer, printed
	@WITH='demo training development' ./run bash -c \
		'for bench in tests/benchmarks/bench_*.py; do python $$bench || exit; done'

gallery:  ## everything the face can show, as pictures in docs/gallery
	@WITH=demo ./run python -m emotion_agent.commands.gallery docs/gallery $$DECODER

lint:  ## ruff and mypy
	@WITH='demo training development' ./run bash -c 'ruff check . && ruff format --check . && mypy'

lock:  ## resolve requirements/*.txt into requirements/lock/ (needs uv)
	@./run python scripts/lock.py

format:  ## let ruff mend what it can
	@WITH='demo training development' ./run bash -c 'ruff check --fix . ; ruff format .'

clean:  ## remove everything that make and ./run made
	rm -rf .venv build install log out .pytest_cache .hypothesis .mypy_cache .ruff_cache
