# Running and debugging by hand. What is booted: a program (PROG=name, with ARGS='its arguments'; the name of a source
# in user/bin, user/tests or user/bench, or the path of an ELF file), or a row of the grader (T=row, with its SEED).
#
#   make qemu | qemu-gdb | debug | qemu-record   [PROG=hello] [T=row] [SMP=4] [TRACE=syscall,trap] [APPEND='seed=7']
#   make qemu ACCEL=kvm    on this host's own CPU, if a first program runs there; without it, and when graded, emulated
#   make gdb | debug   [GDB_FLAGS='-x script']: more words for gdb

PROG ?= hello
ARGS ?=
SMP ?= 1
TRACE ?=
APPEND ?=
ACCEL ?= tcg
GDB ?= gdb-multiarch
GDB_FLAGS ?=

PROG_SOURCE = $(firstword $(wildcard $(foreach d,bin bench tests/*,$(foreach s,c cc $(ARCH).cc,user/$d/$(PROG).$s))))
PROG_ELF = $(or $(filter %.elf,$(PROG)),$(patsubst user/%,$(USER_OUT)/%.elf,$(basename $(PROG_SOURCE))))
SESSION := $(PYTHON) -B -m tools.debug
SESSION_FLAGS = --out $(OUT) --arch $(ARCH) --smp $(SMP) --trace='$(TRACE)' --append='$(APPEND)' --row='$(T)' --gdb='$(GDB)' \
  --accel $(ACCEL) --probe $(USER_OUT)/bin/hello.elf
export GDB_FLAGS

.PHONY: session free-session qemu qemu-gdb gdb debug qemu-record qemu-replay demo test-gdb
# A machine that waits for gdb keeps its session: no other is laid in its place.
free-session:
	$(Q)CAIRN_TARGET=$(firstword $(MAKECMDGOALS)) $(SESSION) free $(SESSION_FLAGS)
session: $(if $(filter qemu-gdb debug,$(MAKECMDGOALS)),free-session)

ifneq ($(T),)
session: grade-needs
	$(Q)$(GRADING) stage $(GRADE_FLAGS) --out $(OUT)/session
else
session: kernel $(PROG_ELF)
	$(Q)test -n '$(PROG_ELF)' || { echo 'PROG=$(PROG) is no program of user/bin, user/tests or user/bench (nor a path ending in .elf)' >&2; exit 2; }
	$(Q)$(SESSION) stage $(SESSION_FLAGS) --program '$(PROG_ELF)' --arguments='$(ARGS)'
endif

qemu: session $(if $(filter kvm,$(ACCEL)),$(USER_OUT)/bin/hello.elf) ## boot it here: PROG=hello or T=row, ARGS=, SMP=, TRACE=syscall,trap, APPEND=, ACCEL=kvm; Ctrl-A X leaves
	$(Q)$(SESSION) start $(SESSION_FLAGS)

qemu-gdb: session ## boot as `make qemu` does, and wait for gdb
	$(Q)CAIRN_TARGET=$@ $(SESSION) wait $(SESSION_FLAGS)

gdb: ## attach to the machine that waits for gdb, with the symbols of kernel and program
	$(Q)CAIRN_TARGET=$@ $(SESSION) attach $(SESSION_FLAGS)

debug: session ## the machine and gdb in one terminal: PROG=hello or T=row
	$(Q)CAIRN_TARGET=$@ $(SESSION) both $(SESSION_FLAGS)

qemu-record: session ## record a run for make qemu-replay: PROG= or T=
	$(Q)CAIRN_TARGET=$@ $(SESSION) record $(SESSION_FLAGS)

qemu-replay: ## run what was recorded under gdb (make gdb), forwards and backwards
	$(Q)CAIRN_TARGET=$@ $(SESSION) replay $(SESSION_FLAGS)

# ---- the map of memory ----------------------------------------------------------------------------------
MAP_PROG = $(if $(filter-out file,$(origin PROG)),$(PROG),hog)
.PHONY: memory-map
memory-map: ## what memory is used for, live: PROG=hog, ARGS='2' (rounds), PLAIN=1 (tables), SVG=file, MEMORY=32M
	$(Q)$(MAKE) --no-print-directory session T= PROG='$(MAP_PROG)' ARGS='$(ARGS)'
	$(Q)$(PYTHON) -B -m tools.memory_map --arch $(ARCH) --out $(OUT) $(if $(PLAIN),--plain) $(if $(SVG),--svg '$(SVG)') \
	  $(if $(MEMORY),--memory '$(MEMORY)')

# ---- the timeline ---------------------------------------------------------------------------------------
TRACE_PROG = $(if $(filter-out file,$(origin PROG)),$(PROG),$(if $(wildcard user/bin/relay.cc),relay,hello))
TRACE_NAME = $(if $(SCRIPT),script,$(or $(T),$(basename $(notdir $(TRACE_PROG)))))
.PHONY: trace
trace: $(if $(SCRIPT),user-bin) ## who runs, waits, sleeps and wakes whom: PROG=relay, ARGS=, T=row, SCRIPT='sort /etc/stones', SMP=4, PLAIN=1 (all events)
	$(Q)$(MAKE) --no-print-directory session T='$(T)' PROG='$(TRACE_PROG)' ARGS='$(ARGS)'
	$(Q)$(PYTHON) -B -m tools.trace --arch $(ARCH) --out $(OUT) --to $(BUILD)/trace/$(ARCH)/$(TRACE_NAME) --smp $(SMP) --append='$(APPEND)' \
	  --row='$(T)' --script='$(SCRIPT)' $(if $(PLAIN),--plain) $(if $(MEMORY),--memory '$(MEMORY)') $(if $(LIMIT),--limit '$(LIMIT)')

# ---- rewards ------------------------------------------------------------------------------------------
DEMO = $(PYTHON) -B -m tools.demo --arch $(ARCH) --out $(OUT) --lab '$(LAB)'

# What a reward needs beside its program, and that program's arguments.
DEMO_NEEDS_paging := libc-programs
DEMO_NEEDS_processes := user-bin
DEMO_ARGS_paging := 1

ifeq ($(LAB),)
demo: ## a lab's reward: LAB=traps (alone: lists them); PROG=mine shows a program of your own
	$(Q)$(DEMO)
else
demo:
	$(Q)program='$(if $(filter-out file,$(origin PROG)),$(PROG))'; program=$${program:-$$($(DEMO) --program-of)} && \
	$(MAKE) --no-print-directory session $(DEMO_NEEDS_$(LAB)) T= PROG=$$program ARGS='$(or $(ARGS),$(DEMO_ARGS_$(LAB)))' && $(DEMO) --program $$program $(if $(PLAIN),--plain)
endif

# ---- tests --------------------------------------------------------------------------------------------
ifneq ($(wildcard tools/tests),)
test-gdb: ## scripted gdb sessions, record and replay
	@$(PYTHON) -B -m pytest -q -p no:cacheprovider $(call junit,gdb) $(wildcard tools/tests/test_gdb*.py)

REWARD_TESTS := tools/tests/test_demo.py tools/tests/test_userland.py tools/tests/test_memory_map.py tools/tests/test_trace.py
.PHONY: test-rewards
test-rewards: ## the rewards play by themselves; programs of others run; the map of memory and the timeline are right
	@$(PYTHON) -B -m pytest -q -p no:cacheprovider $(call junit,rewards) $(REWARD_TESTS)
endif
