// Panics, refusals and open rooms: the ways in which a run ends early.
#pragma once
#include "arch/trap.h"
#include "lib/assert.h"

namespace core {

// Effect: reports `reason`, the registers in `frame` and the backtrace from there, and ends the run.
// Context: any.
[[noreturn]] void panic_in_trap(const arch::KernelFrame& frame, const lib::Message& reason);

// Effect: whether some CPU panics; interrupt handlers then stop for ever, so as not to disturb the
// report. Context: any.
bool is_panicking();

// Effect: `hook` runs in every panic's report, behind the message. Context: boot.
void set_panic_hook(void (*hook)());

// Effect: says why this machine or these boot arguments will not do and ends the run with the failure
// status. For mistakes of whoever starts the kernel; they never panic it. Context: boot.
[[noreturn]] void refuse_message(const lib::Message& why);

template <typename... Arguments>
[[noreturn]] void refuse(lib::FormatString<std::type_identity_t<Arguments>...> format,
                         const Arguments&... arguments) {
    const lib::Argument list[] = {lib::make_argument(arguments)..., lib::Argument{}};
    refuse_message(lib::Message{format.text, {list, sizeof...(Arguments)}});
}

}  // namespace core
