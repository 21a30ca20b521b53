// Reaching a program's memory from the kernel. Contract: mm/user_memory.h, mm/address_space.h.
//
// The kernel never uses a program's addresses: it walks the page tables as the CPU would, lets the fault
// handler give it what is missing, and goes to the frame by its own address. So a bad pointer is an
// answer (EFAULT), never a trap; what the program may not touch, the kernel does not touch for it.
#include "mm/user_memory.h"

#include <cstring>

#include "arch/cpu.h"
#include "core/current.h"
#include "lib/todo.h"
#include "mm/address_space.h"

namespace mm {

namespace {

[[maybe_unused]] size_t left_in_page(uint64_t address, size_t size) {
    const size_t left = arch::kPageSize - address % arch::kPageSize;
    return size < left ? size : left;
}

// Whether all of it can be addresses of a program at all.
[[maybe_unused]] Result<void> check_user_range(uint64_t address, size_t size) {
    if (address > arch::kUserEnd || size > arch::kUserEnd - address) return Errno{EFAULT};
    return {};
}

bool grants(arch::Pte entry, Access access) {
    const arch::PageAccess granted = arch::access_of(entry);
    return access == Access::kWrite ? granted.write : granted.read;
}

}  // namespace

// Effect: where the kernel finds the byte at `address`, and the rest of its page: good while the lock
// is held. EFAULT if the program could not touch it so.
Result<uint8_t*> AddressSpace::reach(uint64_t address, Access access, const core::Limits& limits) {
    arch::Pte* entry = table_.find(address);
    if (entry == nullptr || *entry == arch::kNoEntry || !grants(*entry, access)) {
        if (mend_or_refuse(address, access, limits) != FaultAnswer::kMended) return Errno{EFAULT};
        entry = table_.find(address);
    }
    return arch::direct_map<uint8_t>(arch::address_of(*entry)) + address % arch::kPageSize;
}

// A copy goes page by page, for neighbours in the program's view lie anywhere in memory. For each
// piece that lies in one page (left_in_page):
//   1. take lock_ (a SpinGuard) and reach() the piece's first byte, for reading or for writing;
//   2. memcpy the piece;
//   3. go on with the next, until nothing is left.
// A string is read in the same way, but byte by byte, and its zero byte is its end; a byte behind the
// end is never looked at, for its page may not be there. The whole range is known to be below kUserEnd
// only after check_user_range; of a string, only each byte is.
// ROOM paging.8 begin: copies
Result<void> AddressSpace::read(uint64_t address, std::span<uint8_t> kernel,
                                const core::Limits& limits) {
    TRY(check_user_range(address, kernel.size()));
    while (!kernel.empty()) {
        const size_t piece = left_in_page(address, kernel.size());
        sync::SpinGuard guard(lock_);
        memcpy(kernel.data(), TRY(reach(address, Access::kRead, limits)), piece);
        kernel = kernel.subspan(piece);
        address += piece;
    }
    return {};
}

Result<void> AddressSpace::write(uint64_t address, std::span<const uint8_t> kernel,
                                 const core::Limits& limits) {
    TRY(check_user_range(address, kernel.size()));
    while (!kernel.empty()) {
        const size_t piece = left_in_page(address, kernel.size());
        sync::SpinGuard guard(lock_);
        memcpy(TRY(reach(address, Access::kWrite, limits)), kernel.data(), piece);
        kernel = kernel.subspan(piece);
        address += piece;
    }
    return {};
}

Result<size_t> AddressSpace::read_string(uint64_t address, std::span<char> kernel,
                                         const core::Limits& limits) {
    size_t length = 0;
    while (length < kernel.size()) {
        TRY(check_user_range(address + length, 1));
        const size_t piece = left_in_page(address + length, kernel.size() - length);
        sync::SpinGuard guard(lock_);
        const uint8_t* page = TRY(reach(address + length, Access::kRead, limits));
        for (size_t i = 0; i < piece; i++) {
            kernel[length] = static_cast<char>(page[i]);
            if (page[i] == 0) return length;
            length++;
        }
    }
    return Errno{ENAMETOOLONG};
}
// ROOM paging.8 end

Result<void> copy_from_user(std::span<uint8_t> kernel, UserAddr user) {
    core::Thread& thread = core::current();
    return thread.memory.space->read(static_cast<uint64_t>(user), kernel, thread.process->limits);
}

Result<void> copy_to_user(UserAddr user, std::span<const uint8_t> kernel) {
    core::Thread& thread = core::current();
    return thread.memory.space->write(static_cast<uint64_t>(user), kernel, thread.process->limits);
}

Result<size_t> copy_string_from_user(std::span<char> kernel, UserAddr user) {
    core::Thread& thread = core::current();
    return thread.memory.space->read_string(static_cast<uint64_t>(user), kernel,
                                            thread.process->limits);
}

}  // namespace mm
