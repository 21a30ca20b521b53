# User programs: the library (user/lib, user/arch), the tests (user/tests/<lab>) and small programs
# (user/bin). They are ordinary Linux programs without a C library, so the same objects run on Linux
# (make oracle). The grader links each test anew, at an address drawn from its seed; the .elf files
# here are for debugging.

USER_OUT := $(BUILD)/$(ARCH)/user
USER_CXX := $(CROSS_COMPILE)g++
USER_CC  := $(CROSS_COMPILE)gcc
USER_AR  := $(CROSS_COMPILE)ar
USER_BASE ?= 0x10000

USER_CPU_riscv64 := -march=rv64gc -mabi=lp64d -mcmodel=medany
USER_CPU_x86_64  := -mno-red-zone
USER_COMMON := -O2 -g -MMD -MP -Wall -Wextra -Werror=return-type -Iuser/lib -Iuser/arch/$(ARCH) \
  -nostdlib $(PLAIN_CODE) -fno-omit-frame-pointer -fno-asynchronous-unwind-tables $(KERNEL_WERROR) \
  -ffile-prefix-map=$(call quoted,$(CURDIR)/=) $(USER_CPU_$(ARCH))
USER_CXXFLAGS := -std=c++20 $(USER_COMMON) -fno-exceptions -fno-rtti -fno-threadsafe-statics
USER_CFLAGS   := -std=c11 $(USER_COMMON)
USER_LDFLAGS  := -static -nostdlib -no-pie -Wl,-z,separate-code \
  -Wl,-Ttext-segment=$(USER_BASE),--build-id=none,--no-warn-rwx-segments

# host.cc is for programs on the build host (rows of kind host); it holds the others.
USER_LIB_SOURCES := $(filter-out %/host.cc,$(wildcard user/lib/*.cc)) \
  $(wildcard user/arch/$(ARCH)/*.cc user/arch/$(ARCH)/*.S)
USER_LIB_OBJECTS := $(patsubst %,$(BUILD)/$(ARCH)/%.o,$(basename $(USER_LIB_SOURCES)))
USER_TESTS := $(foreach t,$(wildcard user/tests/*/*.cc),$(if $(findstring /host_,$(t)),,$(t)))
# A test for one CPU says so in its name: ebreak_pc.riscv64.cc
user_test_cpu = $(subst .,,$(suffix $(basename $(1))))
USER_TESTS := $(foreach t,$(USER_TESTS),$(if $(filter-out $(ARCH),$(call user_test_cpu,$(t))),,$(t)))
USER_TEST_ELFS := $(patsubst user/%.cc,$(USER_OUT)/%.elf,$(USER_TESTS))
USER_BINS := $(patsubst user/%,$(USER_OUT)/%.elf,$(basename $(wildcard user/bin/*.c user/bin/*.cc)))

.PHONY: user-tests user-objects user-bin
user-tests: $(USER_OUT)/libuser.a $(USER_TEST_ELFS) ## build the test programs
# What the grader links from, at an address of its own: for that no program needs to be linked here.
user-objects: $(USER_OUT)/libuser.a $(USER_TEST_ELFS:.elf=.o)
user-bin: $(USER_OUT)/libuser.a $(USER_BINS) ## build the small programs of user/bin
all: user-tests user-bin

$(USER_OUT)/libuser.a: $(USER_LIB_OBJECTS)
	$(Q)rm -f $@
	$(Q)$(USER_AR) rcsD $@ $^

user_flags := $(USER_CXX) $(filter-out -Werror,$(USER_CXXFLAGS) $(USER_LDFLAGS))
$(eval $(call remember,$(USER_OUT)/flags,user_flags))
$(USER_LIB_OBJECTS) $(USER_TEST_ELFS:.elf=.o) $(USER_BINS:.elf=.o): $(USER_OUT)/flags

$(USER_OUT)/%.o: user/%.cc
	@mkdir -p $(@D)
	$(progress)
	$(Q)$(USER_CXX) $(USER_CXXFLAGS) -c -o $@ $<

$(USER_OUT)/%.o: user/%.c
	@mkdir -p $(@D)
	$(Q)$(USER_CC) $(USER_CFLAGS) -c -o $@ $<

$(USER_OUT)/%.o: user/%.S
	@mkdir -p $(@D)
	$(Q)$(USER_CC) $(USER_CFLAGS) -c -o $@ $<

$(USER_OUT)/%.elf: $(USER_OUT)/%.o $(USER_OUT)/libuser.a
	$(Q)$(USER_CXX) $(USER_LDFLAGS) -o $@ $^

.PRECIOUS: $(USER_OUT)/%.o
-include $(shell find $(USER_OUT) -name '*.d' 2>/dev/null)

# ---- Linux as the referee -------------------------------------------------------------------------
# The same programs, natively where this host is of a CPU that user/arch knows, and on Debian's own
# kernel under QEMU (fetched by apt into $(BUILD)/oracle the first time, without root).
ORACLE_HOST := $(filter x86_64 riscv64,$(shell uname -m))
ORACLE_FLAGS = --arch $(ARCH) --compiler $(CROSS_COMPILE) --build $(BUILD) --seed $(or $(SEED),1) \
  $(if $(ORACLE_HOST),--native-user $(BUILD)/$(ORACLE_HOST)/user)

.PHONY: oracle oracle-programs
oracle: user-tests user-bin oracle-programs ## the rows' programs on Linux: LAB=, T=row, SEED=
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m grading.oracle $(ORACLE_FLAGS) \
	  $(if $(LAB),--lab $(LAB)) $(if $(T),--rows $(T))

# For another CPU kind than this make's: two makes must not build one folder at a time.
oracle-programs:
	$(if $(filter-out $(ARCH),$(ORACLE_HOST)),$(Q)$(MAKE) --no-print-directory ARCH=$(ORACLE_HOST) CROSS_COMPILE=$(CROSS_COMPILE_$(ORACLE_HOST)) user-tests)

# ---- tests of the student's own, and the bug hunt -------------------------------------------------
.PHONY: mytest hunt
mytest: kernel ## try a test of your own: F=user/tests/mine/my_test.cc, LAB=traps
	@test -n '$(F)' || { echo 'make mytest needs a file, e.g. make mytest F=user/tests/mine/my_test.cc' >&2; exit 2; }
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m grading.mytest '$(F)' --arch $(ARCH) --mode $(MODE) \
	  --compiler $(CROSS_COMPILE) --build $(BUILD) --host '$(ORACLE_HOST)' --seed $(or $(SEED),1) \
	  --lab $(or $(LAB),traps)

# The one source tree makes the prey of a lab's bug hunt; in a hand-out it lies in the lab's folder.
HUNT_LAB = $(or $(LAB),traps)
HUNT_ELF = $(wildcard labs/*-$(HUNT_LAB)/hunt.elf)
ifneq ($(wildcard tools/wrong_kernels.py),)
hunt: ## a lab's bug hunt: builds its kernel here (LAB=traps, NAME=a wrong solution), boots it in a hand-out (APPEND=)
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tools/wrong_kernels.py --lab $(HUNT_LAB) --name '$(NAME)' \
	  --out $(BUILD)/hunt/$(HUNT_LAB).elf --arch $(ARCH) --strip $(CROSS_COMPILE)strip
else
hunt: ## a lab's bug hunt: builds its kernel here (LAB=traps, NAME=a wrong solution), boots it in a hand-out (APPEND=)
	@test -n '$(HUNT_ELF)' || { echo "the hunt needs the kernel hunt.elf in the lab's folder below labs/: ask your instructor for it" >&2; exit 2; }
	$(Q)$(PYTHON) tools/qemu.py --arch $(ARCH) --kernel $(HUNT_ELF) \
	  --append '$(or $(APPEND),selftest=start:68656c6c6f)'
endif
