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

#include "arch/memory.h"
#include "lib/result.h"
#include "lib/text.h"

namespace mm {

// An address that a program named; nothing is known about it.
enum class UserAddr : uint64_t {};

// Effect: copy `bytes` to or from the memory of the program that runs on this CPU. EFAULT unless every
// byte is the program's; then nothing has been copied. Context: may sleep.
Result<void> copy_from_user(std::span<uint8_t> kernel, UserAddr user);
Result<void> copy_to_user(UserAddr user, std::span<const uint8_t> kernel);

// Effect: copies text that ends with a NUL, which is copied too; returns the length before it.
// ENAMETOOLONG if there is no NUL in as many bytes as `kernel` has, EFAULT if a byte before the NUL is
// not the program's; what lies behind the NUL does not matter. Context: may sleep.
Result<size_t> copy_string_from_user(std::span<char> kernel, UserAddr user);

// Whether these addresses could be a program's; if not, Linux says EFAULT before it looks at a file.
constexpr bool is_user_range(UserAddr begin, uint64_t size) {
    return size <= arch::kUserEnd && static_cast<uint64_t>(begin) <= arch::kUserEnd - size;
}

// One T in user memory.
template <typename T>
class UserPtr {
public:
    using MadeFromRegister = void;  // entry/syscall.h
    using Value = std::remove_const_t<T>;
    static_assert(std::is_trivially_copyable_v<Value>);

    explicit UserPtr(uint64_t address) : address_{address} {}
    bool is_null() const { return address_ == UserAddr{0}; }
    UserAddr address() const { return address_; }

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

    UserAddr address() const { return address_; }

    // Effect: copies kernel.size() bytes that begin `offset` bytes into the buffer.
    Result<void> read_into(std::span<uint8_t> kernel, size_t offset) const {
        return copy_from_user(kernel, TRY(at(offset)));
    }
    Result<void> write_from(std::span<const uint8_t> kernel, size_t offset) const {
        return copy_to_user(TRY(at(offset)), kernel);
    }

private:
    Result<UserAddr> at(size_t offset) const {
        uint64_t address;
        if (__builtin_add_overflow(static_cast<uint64_t>(address_), offset, &address)) {
            return Errno{EFAULT};
        }
        return UserAddr{address};
    }

    UserAddr address_;
};

// Text in user memory that ends with a NUL.
class UserString {
public:
    using MadeFromRegister = void;

    explicit UserString(uint64_t address) : address_{address} {}
    bool is_null() const { return address_ == UserAddr{0}; }

    // Effect: the text, which lies in `kernel`. ENAMETOOLONG if that is too small.
    Result<lib::Text> read_into(std::span<char> kernel) const {
        const size_t length = TRY(copy_string_from_user(kernel, address_));
        return lib::Text(kernel.data(), length);
    }

private:
    UserAddr address_;
};

}  // namespace mm
