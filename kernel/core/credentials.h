// Whom a thread acts for (credentials(7)): what permissions are checked against. All zero: the superuser.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/make.h"

namespace core {

// Supplementary groups, from the lowest number to the highest. Once they are somebody's they do not change
// any more: a program and all of its children share one list, however long it is.
class Groups : public lib::RefCounted<Groups> {
public:
    static constexpr size_t kMost = 65536;  // NGROUPS_MAX

    // Effect: room for as many groups, which whoever asked for it fills and sorts. ENOMEM.
    static Result<RefPtr<Groups>> make(size_t count) {
        RefPtr<Groups> groups = TRY(lib::make_ref<Groups>());
        groups->ids_ = new (std::nothrow) uint32_t[count];
        if (groups->ids_ == nullptr) return Errno{ENOMEM};
        groups->count_ = count;
        return groups;
    }
    Groups() = default;  // for make()
    ~Groups() { delete[] ids_; }

    std::span<uint32_t> ids() { return {ids_, count_}; }
    void sort();
    bool has(uint32_t id) const;

private:
    uint32_t* ids_ = nullptr;
    size_t count_ = 0;
};

struct Credentials {
    uint32_t uid = 0, euid = 0, suid = 0, fsuid = 0;
    uint32_t gid = 0, egid = 0, sgid = 0, fsgid = 0;
    RefPtr<Groups> groups{};  // none: it has no supplementary groups

    // Linux's capabilities in one question: all of them to user 0, none to others.
    bool is_privileged() const { return euid == 0; }
    std::span<const uint32_t> group_ids() const {
        return groups ? groups->ids() : std::span<uint32_t>();
    }
};

}  // namespace core
