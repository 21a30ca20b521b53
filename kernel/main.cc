// From the first line of C++ to the first program: the boot order, one line a subsystem. The boot CPU
// comes from arch/<cpu>/boot.S; the others arrive in secondary_main.
#include "arch/cpu.h"
#include "arch/elf_machine.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "core/panic.h"
#include "core/static_objects.h"
#include "core/thread.h"
#include "dev/console.h"
#include "dev/machine.h"
#include "entry/boot.h"
#include "entry/door.h"
#include "exec/door.h"
#include "fs/door.h"
#include "fs/initial/cpio.h"
#include "selftest/selftest.h"
#include "task/door.h"

namespace {

// Effect: the file of init= in the initial file system; refuses if there is none.
lib::Bytes find_init(const dev::Machine& machine) {
    if (machine.initrd.empty()) {
        core::refuse("no initial file system: start QEMU with -initrd and a cpio archive");
    }
    auto file = fs::find_in_cpio(machine.initrd, machine.args.init);
    if (!file && file.error() == Errno{ENOENT}) {
        core::refuse("init={} is not in the initial file system", machine.args.init);
    }
    if (!file) core::refuse("the initial file system is no cpio archive (newc), or was cut off");
    return file->data;
}

// Effect: the program of `thread` has files to use.
void give_files(core::Thread& thread, const dev::Machine& machine) {
    const dev::BootArgs& args = machine.args;
    const uint64_t seed = args.has_seed ? args.seed : arch::read_clock();
    if (!fs::init_files(thread, machine.initrd, args.init_arguments, seed)) {
        core::refuse("too little memory for the tree of the initial file system");
    }
}

// Effect: `thread` is ready to run the program in `image`.
void load_init(core::Thread& thread, lib::Bytes image, const dev::BootArgs& args) {
    const auto loaded =
        exec::load_program(thread, image, args.init, args.init_arguments, args.seed);
    if (loaded) return;
    switch (static_cast<int>(loaded.error())) {
        case ENOEXEC: core::refuse("init={} is no static program for this CPU", args.init);
        case E2BIG: core::refuse("the arguments behind -- are too long or too many");
        default: core::refuse("init={} does not fit into user memory", args.init);
    }
}

}  // namespace

// The hardware's name of this CPU, and where the firmware left its description of the machine.
extern "C" [[noreturn]] void kernel_main(uint64_t boot_cpu, uint64_t firmware_data) {
    core::construct_static_objects();
    arch::cpu_blocks[0].hardware_id = static_cast<unsigned>(boot_cpu);
    entry::init_traps();
    const dev::Machine& machine = dev::find_machine(boot_cpu, firmware_data);
    dev::init_console();
    core::log("cairn: {} CPUs, {} MiB of memory", arch::cpu_count(), machine.ram_bytes >> 20);
    dev::init_memory(machine);
    entry::init(machine.args);
    dev::start_other_cpus();
    sched::init_cpu();
    arch::enable_interrupts();
    if (!machine.args.selftest.empty()) {
        selftest::run(machine.args.selftest, machine.args.selftest_argument);
    }
    core::Thread& thread = task::first_thread();
    const lib::Bytes image = find_init(machine);
    give_files(thread, machine);
    load_init(thread, image, machine.args);
    thread.name = machine.args.init;
    core::log("cairn: running {}", machine.args.init);
    task::run_first_thread(thread);
}

extern "C" [[noreturn]] void secondary_main(uint64_t, uint64_t) {
    entry::init_traps();
    while (!arch::appear(*arch::this_cpu())) arch::wait_for_interrupt();  // given up: for ever
    sched::init_cpu();
    arch::come_online(*arch::this_cpu());
    sched::idle();
}
