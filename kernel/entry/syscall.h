// How a system call is written: once, next to the subsystem that it belongs to.
//
//   SYSCALL(getpid) { return arch::this_cpu()->running->tid; }
//   SYSCALL(write, Fd fd, mm::UserBuffer data, size_t count) { … return written; }
//
// The macro defines a function that returns Result<long> and puts a pointer to its descriptor into the
// section .system_calls; the number comes from Linux's <asm/unistd.h>. Arguments arrive as registers of
// 64 bits and are truncated to the parameter's type, as Linux does. To add a call, nothing else needs
// to be touched (docs: how to add a system call).
#pragma once
#include <asm/unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "arch/user_context.h"
#include "lib/result.h"

namespace entry {

// How the trace prints an argument.
enum class ArgumentKind : uint8_t { kSigned, kUnsigned, kAddress };

struct SystemCall {
    const char* name;
    unsigned number;
    // Calls the function with the argument registers; the result is a value or a negative errno.
    long (*invoke)(const uint64_t* arguments);
    unsigned argument_count;
    ArgumentKind arguments[6];
};

// More than Linux's largest number on either CPU.
inline constexpr size_t kSystemCallLimit = 512;

struct SystemCallTable {
    const SystemCall* calls[kSystemCallLimit] = {};  // null: no such call
};

// Effect: serves the system call that the program in `user` has just made: moves pc behind the call
// instruction, finds the call by its number in `table`, and puts what it returns into the result
// register, or -ENOSYS if there is no such call. Numbers are anything a program can put into a
// register. No other register changes. Context: may sleep; interrupts on.
void handle_system_call(const SystemCallTable& table, arch::UserContext& user);

// The table of the calls in this kernel, filled at boot (panics if two have one number).
extern SystemCallTable the_system_calls;
inline const SystemCallTable& system_call_table() { return the_system_calls; }
void init_system_calls();

// Effect: the call that SYSCALL gave this number, or null. Searches; for traces. Context: any.
const SystemCall* find_description(uint64_t number);

// ---- the machinery behind SYSCALL ---------------------------------------------------------------

// A parameter of a system call: an integer, an enum over one, or a type that says how it is made from
// a register (UserPtr, UserBuffer).
template <typename T>
concept FromRegister = requires {
    typename T::MadeFromRegister;
};

template <typename T>
T make_argument(uint64_t register_value) {
    if constexpr (FromRegister<T>) {
        return T(register_value);
    } else {
        static_assert(std::is_integral_v<T> || std::is_enum_v<T>, "not a system-call argument");
        return static_cast<T>(register_value);
    }
}

template <typename T>
constexpr ArgumentKind kind_of() {
    if constexpr (FromRegister<T>) {
        return ArgumentKind::kAddress;
    } else if constexpr (std::is_enum_v<T>) {
        return ArgumentKind::kSigned;
    } else {
        return std::is_signed_v<T> ? ArgumentKind::kSigned : ArgumentKind::kUnsigned;
    }
}

inline long to_register(const Result<long>& result) {
    return result ? *const_cast<Result<long>&>(result) : -static_cast<long>(result.error());
}

template <auto kFunction>
struct Thunk;

template <typename... Parameters, Result<long> (*kFunction)(Parameters...)>
struct Thunk<kFunction> {
    static_assert(sizeof...(Parameters) <= 6, "a system call has at most six arguments");

    template <size_t... kIndex>
    static long call(const uint64_t* arguments, std::index_sequence<kIndex...>) {
        return to_register(kFunction(make_argument<Parameters>(arguments[kIndex])...));
    }
    static long invoke([[maybe_unused]] const uint64_t* arguments) {
        return call(arguments, std::index_sequence_for<Parameters...>{});
    }
    static constexpr SystemCall describe(const char* name, unsigned number) {
        return {name, number, &invoke, sizeof...(Parameters), {kind_of<Parameters>()...}};
    }
};

}  // namespace entry

#define SYSCALL(call, ...)                                                                        \
    static Result<long> syscall_##call(__VA_ARGS__);                                              \
    static constexpr ::entry::SystemCall descriptor_##call =                                      \
        ::entry::Thunk<&syscall_##call>::describe(#call, __NR_##call);                            \
    [[gnu::section(".system_calls"),                                                              \
      gnu::used]] static const ::entry::SystemCall* const registered_##call = &descriptor_##call; \
    static Result<long> syscall_##call(__VA_ARGS__)
