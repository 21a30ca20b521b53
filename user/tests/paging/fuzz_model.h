// A model of an address space, page by page, for fuzz.cc: what is mapped, what is allowed, and one word
// of each page's contents. Each operation is done twice, by the kernel and in the model; the model says
// what Linux answers.
#pragma once

#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

namespace fuzz {

constexpr uint64_t kPages = 96;  // of the arena in which all this happens
constexpr uint64_t kWord = 40;   // where in a page the modelled word lies
constexpr uint64_t kMostFilePages = 16;

struct Page {
    bool mapped = false;
    int protection = PROT_NONE;
    int64_t file_page = -1;  // of a private file mapping, else anonymous
    uint64_t word = 0;
};

struct Range {
    uint64_t first, count;  // pages of the arena
};

class AddressSpace {
public:
    AddressSpace() {
        arena_ = map_memory(kPages * PAGE + PAGE);  // the last page stays: no stack grows into it
        sys_munmap(arena_, kPages * PAGE);
        file_ = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
        file_pages_ = static_cast<uint64_t>(size_of_file(file_)) / PAGE;
        if (file_pages_ > kMostFilePages) file_pages_ = kMostFilePages;
        for (uint64_t i = 0; i < file_pages_; i++)
            sys_pread(file_, &file_words_[i], 8, i * PAGE + kWord);
    }

    uint64_t file_pages() const { return file_pages_; }
    uint64_t wrong() const { return wrong_; }

    void map_anonymous(Range range, int protection) {
        expect("mmap",
               sys_mmap(address(range.first), range.count * PAGE, protection,
                        PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0),
               address(range.first));
        for (Page& page : pages(range)) page = {true, protection, -1, 0};
    }

    void map_file(Range range, int protection, uint64_t file_page) {
        expect("mmap of the file",
               sys_mmap(address(range.first), range.count * PAGE, protection,
                        MAP_PRIVATE | MAP_FIXED, file_, file_page * PAGE),
               address(range.first));
        for (Page& page : pages(range)) {
            page = {true, protection, static_cast<int64_t>(file_page), file_words_[file_page]};
            file_page++;
        }
    }

    void map_where_free(Range range, int protection) {
        bool free = true;
        for (Page& page : pages(range)) free = free && !page.mapped;
        expect("mmap without replacing",
               sys_mmap(address(range.first), range.count * PAGE, protection,
                        PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
               free ? address(range.first) : -EEXIST);
        if (!free) return;
        for (Page& page : pages(range)) page = {true, protection, -1, 0};
    }

    void unmap(Range range) {
        expect("munmap", sys_munmap(address(range.first), range.count * PAGE), 0);
        for (Page& page : pages(range)) page = {};
    }

    // Linux changes the pages in front of the first hole.
    void protect(Range range, int protection) {
        long wanted = 0;
        for (Page& page : pages(range)) {
            if (!page.mapped) wanted = -ENOMEM;
            if (wanted == 0) page.protection = protection;
        }
        expect("mprotect", sys_mprotect(address(range.first), range.count * PAGE, protection),
               wanted);
    }

    // Holes are an error, but all that is mapped is dropped.
    void drop(Range range) {
        long wanted = 0;
        for (Page& page : pages(range)) {
            if (!page.mapped) wanted = -ENOMEM;
            page.word = page.file_page < 0 ? 0 : file_words_[page.file_page];
        }
        expect("madvise", sys_madvise(address(range.first), range.count * PAGE, MADV_DONTNEED),
               wanted);
    }

    void move(uint64_t from, uint64_t to) {
        if (from == to) return;
        long wanted = pages_[from].mapped ? static_cast<long>(address(to)) : -EFAULT;
        expect("mremap",
               sys_mremap(address(from), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, address(to)),
               wanted);
        if (wanted == -EFAULT) return;
        pages_[to] = pages_[from];
        pages_[from] = {};
    }

    // One page more behind an anonymous one, if nothing is there.
    void grow(uint64_t first) {
        if (first + 1 == kPages || !pages_[first].mapped || pages_[first].file_page >= 0) return;
        bool free = !pages_[first + 1].mapped;
        expect("mremap in place", sys_mremap(address(first), PAGE, 2 * PAGE, 0, 0),
               free ? address(first) : -ENOMEM);
        if (free) pages_[first + 1] = {true, pages_[first].protection, -1, 0};
    }

    void write(uint64_t number, uint64_t word) {
        Page& page = pages_[number];
        if (!page.mapped || (page.protection & PROT_WRITE) == 0) return;
        *at(address(number) + kWord) = page.word = word;
    }

    // Everything that can be seen of a page without dying of it.
    void look_at(uint64_t number) {
        const Page& page = pages_[number];
        expect("mincore", is_mapped(address(number)), page.mapped);
        expect("a call that writes", can_write(address(number)),
               page.mapped && (page.protection & PROT_WRITE) != 0);
        bool readable = page.mapped && (page.protection & PROT_READ) != 0;
        expect("a call that reads", can_read(address(number) + PAGE - 16), readable);
        if (readable)
            expect("the word", static_cast<long>(*at(address(number) + kWord)), page.word);
    }

private:
    struct Pages {
        Page *first, *last;
        Page* begin() const { return first; }
        Page* end() const { return last; }
    };
    Pages pages(Range range) { return {pages_ + range.first, pages_ + range.first + range.count}; }
    uint64_t address(uint64_t page) const { return arena_ + page * PAGE; }

    void expect(const char* what, long got, uint64_t wanted) {
        if (static_cast<uint64_t>(got) == wanted) return;
        if (wrong_++ < 4) note("%s: 0x%lx in place of 0x%lx", what, got, wanted);
    }

    uint64_t arena_, file_pages_ = 0, wrong_ = 0;
    int file_;
    uint64_t file_words_[kMostFilePages] = {};
    Page pages_[kPages];
};

}  // namespace fuzz
