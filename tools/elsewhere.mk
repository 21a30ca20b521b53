# `make elsewhere`: this tree on other systems (tools/elsewhere.py).

ELSEWHERE_OS = $(if $(filter command%,$(origin OS)),$(OS))

.PHONY: elsewhere elsewhere-root
elsewhere elsewhere-root: export RUN := $(if $(filter command%,$(origin RUN)),$(value RUN))
elsewhere: ## HEAD on a bare bookworm, trixie, noble or sid: OS=trixie, RUN='make grade' (as root; alone: all four)
	@$(PYTHON) -B tools/elsewhere.py --run "$$RUN" --mirror '$(MIRROR)' $(ELSEWHERE_OS)

elsewhere-root:
	@$(PYTHON) -B tools/elsewhere.py --prepare --mirror '$(MIRROR)' $(ELSEWHERE_OS)

# ---- in `make test` -----------------------------------------------------------------------------------
ELSEWHERE_ROWS := panic_backtrace first_call random_words tick_rate spin_shown four_harts bad_pointers walk_tables copy_on_write \
    out_of_memory text_write file_proc two_stacks cpu_clocks priorities pipe_atomic four_cpus_spread clone3_sizes proc_stat \
    thread_stack_overflow

.PHONY: test-elsewhere
test-elsewhere: export RUN := make -j2 ARCH=all WERROR=1 all && make ARCH=all WERROR=1 PLAIN=1 LAB=start grade \
    && make ARCH=all WERROR=1 PLAIN=1 ROWS=$(subst $(empty) $(empty),$(comma),$(strip $(ELSEWHERE_ROWS))) grade
test-elsewhere: ## on a bare Debian 13: all builds without a warning, lab start and twenty rows pass, on both CPUs
	@$(PYTHON) -B tools/elsewhere.py --run "$$RUN" --mirror '$(MIRROR)' trixie
