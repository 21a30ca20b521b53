// Contract: fs/descriptors.h. Files are dropped outside of the lock: the last owner's end may be long.
#include "fs/descriptors.h"

#include <new>

#include "lib/make.h"

namespace fs {

DescriptorTable::~DescriptorTable() { delete[] slots_; }

// The table may grow while the memory for its copy is asked for: then once more.
Result<RefPtr<DescriptorTable>> DescriptorTable::clone() const {
    const RefPtr<DescriptorTable> copy = TRY(lib::make_ref<DescriptorTable>());
    for (;;) {
        size_t wanted;
        {
            sync::SpinGuard guard(lock_);
            wanted = capacity_;
        }
        if (wanted != 0) TRY(copy->grow_beyond(wanted - 1));
        if (copy_to(*copy)) return copy;
    }
}

// Nobody else knows `copy` yet. A number that is only reserved is a call of another thread, which goes on
// in its own table: here it is free.
bool DescriptorTable::copy_to(DescriptorTable& copy) const NO_THREAD_SAFETY_ANALYSIS {
    sync::SpinGuard guard(lock_);
    if (capacity_ > copy.capacity_) return false;
    for (size_t i = 0; i < capacity_; i++) {
        if (slots_[i].state == State::kOpen) copy.slots_[i] = slots_[i];
    }
    return true;
}

void DescriptorTable::close_on_exec() {
    size_t index = 0;
    while (take_closing(index)) continue;  // what it returns is closed here
}

// Effect: the next file from `index` on that closes on exec, whose number is free from now on.
RefPtr<File> DescriptorTable::take_closing(size_t& index) {
    sync::SpinGuard guard(lock_);
    for (; index < capacity_; index++) {
        Slot& slot = slots_[index];
        if (slot.state != State::kOpen || slot.on_exec != OnExec::kClose) continue;
        slot.state = State::kFree;
        if (index < lowest_free_) lowest_free_ = index;
        return std::move(slot.file);
    }
    return {};
}

Result<RefPtr<File>> DescriptorTable::find(Fd fd) const {
    sync::SpinGuard guard(lock_);
    const Slot* slot = open_slot(fd);
    if (slot == nullptr) return Errno{EBADF};
    return slot->file;
}

Result<Fd> DescriptorTable::next(uint64_t lowest) const {
    sync::SpinGuard guard(lock_);
    for (size_t i = lowest; i < capacity_; i++) {
        if (slots_[i].state == State::kOpen) return Fd{static_cast<int>(i)};
    }
    return Errno{EBADF};
}

Result<Fd> DescriptorTable::reserve(int lowest, uint64_t limit) {
    for (;;) {
        const size_t index = TRY(take_slot(static_cast<size_t>(lowest), limit));
        if (index != kNoSlot) return Fd{static_cast<int>(index)};
    }
}

// Effect: takes a slot; kNoSlot: the table has grown, look again.
Result<size_t> DescriptorTable::take_slot(size_t lowest, uint64_t limit) {
    size_t index;
    {
        sync::SpinGuard guard(lock_);
        index = lowest > lowest_free_ ? lowest : lowest_free_;
        while (index < capacity_ && slots_[index].state != State::kFree) index++;
        if (index >= limit) return Errno{EMFILE};
        if (lowest <= lowest_free_) lowest_free_ = index;
        if (index < capacity_) {
            slots_[index].state = State::kReserved;
            return index;
        }
    }
    TRY(grow_beyond(index));
    return kNoSlot;
}

void DescriptorTable::publish(Fd fd, RefPtr<File> file, OnExec on_exec) {
    sync::SpinGuard guard(lock_);
    Slot& slot = slots_[fd.value()];
    ASSERT(slot.state == State::kReserved);
    slot.file = std::move(file);
    slot.state = State::kOpen;
    slot.on_exec = on_exec;
}

void DescriptorTable::cancel(Fd fd) {
    sync::SpinGuard guard(lock_);
    const auto index = static_cast<size_t>(fd.value());
    ASSERT(slots_[index].state == State::kReserved);
    slots_[index].state = State::kFree;
    if (index < lowest_free_) lowest_free_ = index;
}

Result<RefPtr<File>> DescriptorTable::replace(Fd fd, RefPtr<File> file, OnExec on_exec,
                                              uint64_t limit) {
    const auto index = static_cast<size_t>(fd.value());
    if (fd.value() < 0 || index >= limit) return Errno{EBADF};
    TRY(grow_beyond(index));
    sync::SpinGuard guard(lock_);
    Slot& slot = slots_[index];
    // dup2(2): another thread is about to open a file under this very number.
    if (slot.state == State::kReserved) return Errno{EBUSY};
    slot.state = State::kOpen;
    slot.on_exec = on_exec;
    return std::exchange(slot.file, std::move(file));
}

Result<RefPtr<File>> DescriptorTable::remove(Fd fd) {
    sync::SpinGuard guard(lock_);
    Slot* slot = open_slot(fd);
    if (slot == nullptr) return Errno{EBADF};
    slot->state = State::kFree;
    const auto index = static_cast<size_t>(fd.value());
    if (index < lowest_free_) lowest_free_ = index;
    return std::move(slot->file);
}

Result<OnExec> DescriptorTable::on_exec(Fd fd) const {
    sync::SpinGuard guard(lock_);
    const Slot* slot = open_slot(fd);
    if (slot == nullptr) return Errno{EBADF};
    return slot->on_exec;
}

Result<void> DescriptorTable::set_on_exec(Fd fd, OnExec on_exec) {
    sync::SpinGuard guard(lock_);
    Slot* slot = open_slot(fd);
    if (slot == nullptr) return Errno{EBADF};
    slot->on_exec = on_exec;
    return {};
}

// Effect: the table has a slot `index`. The new one is made before the lock is taken and the old one
// given back after, so another thread may have grown it in between.
Result<void> DescriptorTable::grow_beyond(size_t index) {
    size_t capacity;
    {
        sync::SpinGuard guard(lock_);
        if (index < capacity_) return {};
        capacity = capacity_;
    }
    if (capacity == 0) capacity = kFirstCapacity;
    while (capacity <= index) capacity *= 2;
    auto* slots = new (std::nothrow) Slot[capacity];
    if (slots == nullptr) return Errno{ENOMEM};
    {
        sync::SpinGuard guard(lock_);
        if (capacity > capacity_) {
            for (size_t i = 0; i < capacity_; i++) std::swap(slots[i], slots_[i]);
            std::swap(slots, slots_);
            capacity_ = capacity;
        }
    }
    delete[] slots;
    return {};
}

DescriptorTable::Slot* DescriptorTable::open_slot(Fd fd) const {
    const auto index = static_cast<size_t>(fd.value());  // a negative one is beyond the end
    if (index >= capacity_ || slots_[index].state != State::kOpen) return nullptr;
    return &slots_[index];
}

}  // namespace fs
