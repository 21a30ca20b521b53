# `make elsewhere`: this tree on other systems (tools/elsewhere.py).

ELSEWHERE_OS = $(if $(filter command%,$(origin OS)),$(OS))

.PHONY: elsewhere elsewhere-root
elsewhere elsewhere-root: export RUN := $(if $(filter command%,$(origin RUN)),$(value RUN))
elsewhere: ## HEAD on a bare bookworm, trixie, noble or sid: OS=trixie, RUN='make grade' (as root; alone: all four)
	@$(PYTHON) -B tools/elsewhere.py --run "$$RUN" --mirror '$(MIRROR)' $(ELSEWHERE_OS)

elsewhere-root:
	@$(PYTHON) -B tools/elsewhere.py --prepare --mirror '$(MIRROR)' $(ELSEWHERE_OS)
