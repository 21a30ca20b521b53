// The words of argv and envp on their way from the old memory of a program to its new one: they lie in the
// kernel meanwhile, for two address spaces are never locked at the same time.
#pragma once
#include <cstddef>
#include <cstdint>

#include "core/limits.h"
#include "exec/program.h"
#include "lib/unique_ptr.h"
#include "mm/user_memory.h"

namespace mm {
struct ProgramMemory;
}

namespace exec {

class Words {
public:
    // At most a quarter of the stack's limit for all, but always as much as for one (execve(2)).
    explicit Words(const core::Limits& limits);
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;
    ~Words();

    // Effect: adds a word; after end_arguments() it is one of the environment. E2BIG, ENOMEM.
    Result<void> add(lib::Text word);
    void end_arguments() { argument_count_ = count_, argument_bytes_ = bytes_; }

    // Effect: adds those that an array of the program which runs points to, up to its null pointer. A
    // null pointer for an array is an empty one. EFAULT, E2BIG, ENOMEM. Context: may sleep.
    Result<void> add_array(mm::UserPtr<const uint64_t> array);

    size_t count() const { return count_; }
    size_t argument_count() const { return argument_count_; }
    // All words with their NULs; and two arrays of pointers with a null pointer at the end of each.
    size_t bytes() const { return bytes_; }
    size_t pointer_bytes() const { return (count_ + 2) * sizeof(uint64_t); }

    // Effect: writes the words upwards from `text` and the arrays, argv first, from `pointers` to `memory`;
    // says where they are. EFAULT.
    Result<WordsInMemory> lay_out(mm::ProgramMemory& memory, uint64_t text,
                                  uint64_t pointers) const;

private:
    static constexpr size_t kLongest = 128 << 10;  // Linux's MAX_ARG_STRLEN, with the NUL
    struct Piece {
        Piece* next = nullptr;
        size_t size = 0;
        char bytes[4000];
    };

    Result<void> add_user_word(uint64_t address);
    Result<Piece*> piece_with_room();
    Result<void> count_bytes(Piece& piece, size_t count);

    const uint64_t limit_;
    Piece* first_ = nullptr;
    Piece* last_ = nullptr;
    size_t count_ = 0, bytes_ = 0;
    size_t argument_count_ = 0, argument_bytes_ = 0;
};

}  // namespace exec
