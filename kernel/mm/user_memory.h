// The only ways to reach a program's memory. None of them can be dereferenced: copying is a function
// that can fail, for a program may hand in any number as an address.
//
//   SYSCALL(clock_gettime, int clock, mm::UserPtr<__kernel_timespec> result) {
//       …
//       TRY(result.write(now));          // EFAULT if the address is not the program's
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "lib/result.h"

namespace mm {

// An address that a program named; nothing is known about it.
enum class UserAddr : uint64_t {};

// Effect: copy `bytes` to or from the memory of the program that runs on this CPU. EFAULT unless every
// byte is the program's; then nothing has been copied. Context: may sleep.
Result<void> copy_from_user(std::span<uint8_t> kernel, UserAddr user);
Result<void> copy_to_user(UserAddr user, std::span<const uint8_t> kernel);

// One T in user memory.
template <typename T>
class UserPtr {
public:
    using MadeFromRegister = void;  // entry/syscall.h
    using Value = std::remove_const_t<T>;
    static_assert(std::is_trivially_copyable_v<Value>);

    explicit UserPtr(uint64_t address) : address_{address} {}
    bool is_null() const { return address_ == UserAddr{0}; }

    Result<void> read_into(Value& value) const {
        return copy_from_user({reinterpret_cast<uint8_t*>(&value), sizeof(Value)}, address_);
    }
    Result<void> write(const Value& value) const requires(!std::is_const_v<T>) {
        static_assert(std::has_unique_object_representations_v<Value>,
                      "padding would tell the program what lay on the kernel's stack");
        return copy_to_user(address_, {reinterpret_cast<const uint8_t*>(&value), sizeof(Value)});
    }

private:
    UserAddr address_;
};

// Bytes in user memory; how many, the system call knows from another argument.
class UserBuffer {
public:
    using MadeFromRegister = void;

    explicit UserBuffer(uint64_t address) : address_{address} {}

    // Effect: copies kernel.size() bytes that begin `offset` bytes into the buffer.
    Result<void> read_into(std::span<uint8_t> kernel, size_t offset) const {
        uint64_t address;
        if (__builtin_add_overflow(static_cast<uint64_t>(address_), offset, &address)) {
            return Errno{EFAULT};
        }
        return copy_from_user(kernel, UserAddr{address});
    }

private:
    UserAddr address_;
};

}  // namespace mm
