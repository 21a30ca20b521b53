# Long runs of lab processes, in trees that hold it (tools/soak.py). `make soak` makes one too.

SECONDS ?= 600
CALLS ?= 100000

ifneq ($(wildcard user/soak/*.cc),)
.PHONY: soak-processes
soak-processes: kernel $(patsubst user/%.cc,$(USER_OUT)/%.elf,$(wildcard user/soak/*.cc)) ## hundreds of processes on four CPUs, and random calls: SECONDS=, CALLS=, SEED=, SMP=
	$(Q)$(PYTHON) -B -m tools.soak --arch $(ARCH) --kernel $(OUT)/kernel.elf --programs $(USER_OUT)/soak \
	  --seed $(or $(SEED),1) --seconds $(SECONDS) --calls $(CALLS) --smp $(or $(SMP),4)
ifneq ($(wildcard labs/*-processes/handout.md),)
soak: soak-processes
endif
endif
