// Each argument is a name and what its value does to BootArgs: see kKnown.
#include "dev/boot_args.h"

#include <span>

#include "lib/checked.h"

namespace dev {
namespace {

using lib::Text;

// Decimal, or hexadecimal behind 0x.
Result<std::uint64_t> parse_number(Text digits) {
    const bool hexadecimal = digits.starts_with("0x");
    const std::uint64_t base = hexadecimal ? 16 : 10;
    if (hexadecimal) {
        digits = digits.without_first(2);
    }
    if (digits.empty()) {
        return Errno{EINVAL};
    }
    std::uint64_t number = 0;
    for (const char c : digits) {
        std::uint64_t digit = base;
        if (c >= '0' && c <= '9') {
            digit = static_cast<std::uint64_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<std::uint64_t>(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<std::uint64_t>(c - 'A') + 10;
        }
        if (digit >= base) {
            return Errno{EINVAL};
        }
        number = TRY(lib::checked_add(TRY(lib::checked_multiply(number, base)), digit));
    }
    return number;
}

// The setters return what is wrong with the value, or nullptr.

const char* set_init(BootArgs& args, Text value) {
    args.init = value;
    return value.starts_with("/") ? nullptr : "expected an absolute path";
}

const char* set_seed(BootArgs& args, Text value) {
    const auto number = parse_number(value);
    if (!number) {
        return "expected a decimal or 0x… number of at most 64 bits";
    }
    args.seed = *number;
    args.has_seed = true;
    return nullptr;
}

// What an argument may name, and what that sets.
struct Flag {
    Text name;
    bool& is_set;
};

// Effect: sets the flags that a list with commas names; false if it names anything else.
bool set_flags(Text list, std::span<const Flag> flags) {
    for (bool is_last = false; !is_last;) {
        is_last = list.find(',') == list.size();
        const Text name = list.take_until(',');
        bool is_known = false;
        for (const Flag& flag : flags) {
            if (name == flag.name) {
                flag.is_set = is_known = true;
            }
        }
        if (!is_known) {
            return false;
        }
    }
    return true;
}

const char* set_trace(BootArgs& args, Text value) {
    const Flag flags[] = {{"syscall", args.trace_syscalls},
                          {"trap", args.trace_traps},
                          {"timeline", args.trace_timeline}};
    return set_flags(value, flags)
               ? nullptr
               : "expected syscall, trap, timeline, or several with commas between";
}

const char* set_selftest(BootArgs& args, Text value) {
    args.selftest = value.take_until(':');
    args.selftest_argument = value;
    return args.selftest.empty() ? "expected name or name:argument" : nullptr;
}

const char* set_noise(BootArgs& args, Text value) {
    const Flag flags[] = {{"fpu", args.fpu_noise}, {"switch", args.switch_noise}};
    return set_flags(value, flags) ? nullptr : "expected fpu, switch, or both with a comma between";
}

const char* set_tick(BootArgs& args, Text value) {
    args.ticks = !(value == "off");
    return value == "off" ? nullptr : "expected off";
}

struct Known {
    Text name;
    const char* (*set)(BootArgs& args, Text value);
};

constexpr Known kKnown[] = {
    {"init", set_init},         {"seed", set_seed},   {"trace", set_trace},
    {"selftest", set_selftest}, {"noise", set_noise}, {"tick", set_tick},
};

const char* set_argument(BootArgs& args, Text argument) {
    Text value = argument;
    const Text name = value.take_until('=');
    for (const Known& known : kKnown) {
        if (name == known.name) {
            return known.set(args, value);
        }
    }
    return "unknown; known are init=, seed=, trace=, selftest=, noise=, tick=, and -- before the "
           "arguments of init";
}

}  // namespace

Text next_word(Text& rest) {
    while (rest.starts_with(" ")) {
        rest = rest.without_first(1);
    }
    return rest.take_until(' ');
}

Result<BootArgs> parse_boot_args(Text command_line, BadBootArg& bad) {
    BootArgs args;
    Text rest = command_line;
    for (Text word = next_word(rest); !word.empty(); word = next_word(rest)) {
        if (word == "--") {
            args.init_arguments = rest;
            break;
        }
        if (const char* problem = set_argument(args, word)) {
            bad = {word, problem};
            return Errno{EINVAL};
        }
    }
    return args;
}

}  // namespace dev
