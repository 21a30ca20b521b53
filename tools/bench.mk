# `make bench`: the figures of this step, measured on the release kernel (tools/bench.py).

.PHONY: bench bench-programs
bench-programs: $(patsubst user/%,$(USER_OUT)/%.elf,$(basename $(wildcard user/bench/*.cc user/bench/lat.c)))

bench: ## the figures: system calls, boot, memory, processes, a clean build
	$(Q)$(MAKE) --no-print-directory MODE=release kernel bench-programs
	$(Q)$(PYTHON) -B -m tools.bench --arch $(ARCH) --kernel $(BUILD)/$(ARCH)/release/kernel.elf --program $(USER_OUT)/bench/empty_call.elf

# Guest time is exact: one run tells. Not in `make test`, where every row is graded already.
.PHONY: budgets
budgets: kernel user-tests ## grade, and name the rows that have less than ten times the guest time they need: LAB=, T=row
	$(Q)$(PYTHON) -B -m tools.budgets $(GRADE_FLAGS) --plain
