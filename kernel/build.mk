# The kernel: one ELF file a CPU kind and mode, linked twice (the second time with its own symbol table).

# A name reaches make, shells and compilers: plain ones only, or nothing is built.
odd_name := $(shell LC_ALL=C find kernel user -name '*[!A-Za-z0-9_.-]*' -print -quit)
$(if $(odd_name),$(error A source's name may hold A-Z a-z 0-9 _ . - only, and one below kernel/ or user/ holds more; to see it: find kernel user -name '*[!A-Za-z0-9_.-]*'))

KERNEL_CXX := $(CROSS_COMPILE)g++
KERNEL_NM  := $(CROSS_COMPILE)nm
KERNEL_DIRS := $(addsuffix /kernel,$(OVERLAYS)) kernel

# Soft float and kernel code model; gnu/stubs-lp64.h of our own stands in for the one Debian lacks.
KERNEL_CPU_riscv64 := -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -isystem kernel/arch/riscv64/port/compat
# No vector registers in the kernel, and no red zone, which an interrupt would overwrite.
KERNEL_CPU_x86_64 := -march=x86-64 -mgeneral-regs-only -mno-red-zone -mcmodel=kernel

KERNEL_MODE_debug   := -Og -fsanitize=undefined -fno-sanitize=vptr,alignment
KERNEL_MODE_release := -O2 -DNDEBUG -flto=auto

# What a distribution's compiler may turn on by itself and what needs a C library, or code of ours, behind it. User
# programs are built without it too; tools/tests/test_hardened.py has a compiler with all of it on.
PLAIN_CODE := -U_FORTIFY_SOURCE -U_GLIBCXX_ASSERTIONS -fno-pic -fno-pie -fno-stack-protector -fno-stack-clash-protection \
  -fcf-protection=none -ftrivial-auto-var-init=uninitialized

# Warnings are errors where nobody is in the middle of a thought: WERROR=1, as CI and check-labs have it.
KERNEL_WERROR := $(if $(filter 1,$(WERROR)),-Werror)

KERNEL_INCLUDES := $(addprefix -I,$(KERNEL_DIRS)) -Ikernel/arch/$(ARCH)
KERNEL_COMMON := $(KERNEL_CPU_$(ARCH)) $(KERNEL_INCLUDES) -g -MMD -MP -ffreestanding -nostdlib $(PLAIN_CODE) \
  -fno-omit-frame-pointer -fno-asynchronous-unwind-tables -ffile-prefix-map=$(call quoted,$(CURDIR)/=) \
  -Wall -Wextra -Wshadow $(KERNEL_WERROR)
KERNEL_CXXFLAGS := -std=c++20 $(KERNEL_COMMON) $(KERNEL_MODE_$(MODE)) -fno-exceptions -fno-rtti -fno-threadsafe-statics

# Every source of the generic folders and of this CPU's port; host tests and fuzzers lie beside them.
kernel_candidates := $(filter-out %_test.cc %_fuzz.cc %/host_shim.cc,$(shell find $(wildcard $(KERNEL_DIRS)) -name compile_fail -prune -o \
  \( -name '*.cc' -o -name '*.S' \) -print | grep -v -E '/arch/[^/]*/' | sort) $(sort $(wildcard $(foreach d,$(KERNEL_DIRS),$d/arch/$(ARCH)/*.cc $d/arch/$(ARCH)/*.S))))
# Of several files for one place, the first folder's.
kernel_places := $(sort $(foreach d,$(KERNEL_DIRS),$(patsubst $d/%,%,$(filter $d/%,$(kernel_candidates)))))
KERNEL_SOURCES := $(foreach f,$(kernel_places),$(firstword $(wildcard $(addsuffix /$f,$(KERNEL_DIRS)))))
KERNEL_OBJECTS := $(patsubst %,$(OUT)/%.o,$(basename $(KERNEL_SOURCES)))
KERNEL_LINK = $(KERNEL_CXX) $(KERNEL_CXXFLAGS) -nostdlib -static -no-pie \
  -Wl,-T,kernel/arch/$(ARCH)/kernel.ld,--build-id=none,--no-warn-rwx-segments,-z,max-page-size=4096,-z,noexecstack

.PHONY: kernel
kernel: $(OUT)/kernel.elf ## build the kernel

# Reading the standard headers takes longer than reading ours: once will do (standard.h).
KERNEL_PRELUDE := $(OUT)/prelude.h
$(KERNEL_PRELUDE).gch: kernel/standard.h
	@mkdir -p $(@D)
	@echo '#include "$(<F)"' > $(KERNEL_PRELUDE)
	$(Q)$(KERNEL_CXX) $(KERNEL_CXXFLAGS) -x c++-header -o $@ $(KERNEL_PRELUDE)

kernel_flags := $(KERNEL_CXX) $(filter-out -Werror,$(KERNEL_CXXFLAGS))
$(eval $(call remember,$(OUT)/flags,kernel_flags))
$(KERNEL_OBJECTS) $(KERNEL_PRELUDE).gch: $(OUT)/flags

$(patsubst %.cc,$(OUT)/%.o,$(filter %.cc,$(KERNEL_SOURCES))): $(KERNEL_PRELUDE).gch
$(OUT)/%.o: %.cc
	@mkdir -p $(@D)
	$(progress)
	$(Q)$(KERNEL_CXX) $(KERNEL_CXXFLAGS) -include $(KERNEL_PRELUDE) -c -o $@ $<

$(OUT)/%.o: %.S
	@mkdir -p $(@D)
	$(Q)$(KERNEL_CXX) $(KERNEL_COMMON) -c -o $@ $<

# The first link has an empty symbol table, so that the linker relaxes the same instructions in both.
# The compiler may not turn the loop in memcpy into a call of memcpy, whatever it knows of the program.
# Optimised in debug builds too, and without checks: boot spends most of its time in memset.
$(filter %/lib/string.o %/mm/poison.o,$(KERNEL_OBJECTS)): private KERNEL_CXXFLAGS += -O2 -fno-lto -fno-sanitize=all -fno-tree-loop-distribute-patterns

$(OUT)/kernel.first.elf: $(KERNEL_OBJECTS) $(OUT)/no_symbols.o kernel/arch/$(ARCH)/kernel.ld kernel/core/check_symbols.py
	$(if $(filter debug,$(MODE)),$(Q)$(KERNEL_NM) -A --defined-only --extern-only $(KERNEL_OBJECTS) | $(PYTHON) kernel/core/check_symbols.py)
	$(Q)$(KERNEL_LINK) -o $@ $(KERNEL_OBJECTS) $(OUT)/no_symbols.o

$(OUT)/no_symbols.S: kernel/core/make_symbols.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) $< < /dev/null > $@

$(OUT)/symbols.S: $(OUT)/kernel.first.elf kernel/core/make_symbols.py
	$(Q)$(KERNEL_NM) -nC $< | $(PYTHON) kernel/core/make_symbols.py > $@

$(OUT)/symbols.o $(OUT)/no_symbols.o: $(OUT)/%.o: $(OUT)/%.S
	$(Q)$(KERNEL_CXX) $(KERNEL_CPU_$(ARCH)) -fno-pic -c -o $@ $<

$(OUT)/kernel.elf: $(OUT)/kernel.first.elf $(OUT)/symbols.o
	$(Q)$(KERNEL_LINK) -o $@ $(KERNEL_OBJECTS) $(OUT)/symbols.o
	@echo "built $@"

-include $(KERNEL_OBJECTS:.o=.d)
