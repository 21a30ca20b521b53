// `selftest=words:SEED:COUNT`: COUNT random words run as user instructions, one after another. Whatever
// they do, the kernel must get the CPU back: by their trap, or by the timer if they loop. Both numbers
// are decimal; without a COUNT it is 20,000.
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "arch/trap.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/process.h"
#include "core/thread.h"
#include "lib/random.h"
#include "mm/door.h"
#include "mm/program_memory.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "task/door.h"

namespace selftest {

namespace {

constexpr uint64_t kCode = 0x40000;  // user addresses: the words,
constexpr uint64_t kWordsInMemory = 4096;
constexpr uint64_t kStack = 0x80000;  // and where sp and the other registers point
constexpr uint64_t kStackBytes = 0x40000;
constexpr uint64_t kWordsPerRegisters = 64;
constexpr uint64_t kDefaultCount = 20'000;
constexpr uint64_t kLongestLoopNs = 100'000;

// A deadline costs a call to the firmware: one that is still far enough away is kept.
uint64_t keep_timer_ahead(uint64_t deadline) {
    const uint64_t now = arch::read_clock();
    if (deadline > now + core::ns_to_ticks(kLongestLoopNs / 4)) return deadline;
    deadline = now + core::ns_to_ticks(kLongestLoopNs);
    arch::set_timer(deadline);
    return deadline;
}

// Memory's locks are taken with interrupts on: their holders may wait for an answer of this CPU. No timer is
// armed meanwhile, because the kernel would take its interrupt for a tick.
template <typename Work>
void with_interrupts(uint64_t& deadline, Work work) {
    arch::set_timer(~uint64_t{0});
    deadline = 0;
    arch::enable_interrupts();
    work();
    arch::disable_interrupts();
}

bool is_page_fault(arch::Event event) {
    return event == arch::Event::kReadFault || event == arch::Event::kWriteFault ||
           event == arch::Event::kExecuteFault;
}

// Effect: the thread has new memory, with other words in it.
void draw_words(lib::Random& random, core::Thread& thread) {
    static std::byte words[kWordsInMemory * 4];
    for (std::byte& byte : words) byte = static_cast<std::byte>(random.next() >> 56);
    auto memory = MUST(mm::make_program_memory(thread.process->limits, 0));
    MUST(memory.add_segment(kCode, sizeof(words), {true, true, true}, words));
    MUST(memory.add_segment(kStack, kStackBytes, {true, true, false}, {}));
    mm::exchange_memory(thread, memory);
}

// Half of the registers hold addresses of the program, the others anything.
void draw_registers(lib::Random& random, arch::UserContext& user) {
    arch::reset_user_context(user, kCode, kStack);
    for (uint64_t& value : user.free_registers()) {
        value = random.next() % 2 == 0 ? random.next() : kStack + random.below(kStackBytes / 8) * 8;
    }
    user.set_pc(kCode);
    user.set_sp(kStack);
}

}  // namespace

SELFTEST(words) {
    lib::Text rest = argument;
    lib::Random random{decimal_number(rest.take_until(':'))};
    const uint64_t count = rest.empty() ? kDefaultCount : decimal_number(rest);
    core::Thread& thread = task::first_thread();
    arch::UserContext& user = thread.user;
    uint64_t traps = 0;
    uint64_t loops = 0;
    uint64_t deadline = 0;
    arch::disable_interrupts();
    for (uint64_t word = 0; word < count; word++) {
        const uint64_t place = word % kWordsInMemory;
        if (place == 0) with_interrupts(deadline, [&] { draw_words(random, thread); });
        if (word % kWordsPerRegisters == 0) draw_registers(random, user);
        user.set_pc(kCode + place * 4);
        deadline = keep_timer_ahead(deadline);
        const arch::TrapCause trap = arch::enter_user(user);
        const arch::Event event = arch::decode(trap);
        // A page that was not there yet is, when the next word touches it.
        if (is_page_fault(event)) {
            with_interrupts(deadline,
                            [&] { static_cast<void>(mm::mend_fault(thread, event, trap.value)); });
        }
        if (event == arch::Event::kTimer) {
            loops++;
            deadline = 0;  // has struck, be it the one before: the timer must be armed again
        } else {
            traps++;
        }
    }
    arch::set_timer(~uint64_t{0});
    arch::enable_interrupts();
    core::log("selftest words: words={} traps={} loops={}", count, traps, loops);
    return traps + loops == count && traps > loops;
}

}  // namespace selftest
