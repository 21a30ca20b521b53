// For the test and the fuzzer of vma_tree.cc: operations on a tree of mappings, read from bytes, are done
// to a plain model of the address space, too, page by page; after each, the two must say the same.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "mm/page_source.h"
#include "mm/vma_tree.h"

namespace mm {

class SamplePages final : public PageSource {
public:
    Result<arch::PhysAddr> page(uint64_t) override { return Errno{ENXIO}; }
    bool is_resident(uint64_t) override { return false; }
};

class VmaTreeSample {
public:
    static constexpr uint64_t kPage = 4096;
    static constexpr uint64_t kPages = 512;  // of the address space: more than the stack's gap

    ~VmaTreeSample() {
        for (auto& [begin, vma] : mappings_) tree_.remove(*vma);
    }

    // Four bytes an operation. Everything is looked at after every eighth, to be done in time.
    void run(std::span<const uint8_t> bytes) {
        for (; bytes.size() >= 4; bytes = bytes.subspan(4)) {
            step(bytes[0], (bytes[1] | bytes[2] << 8) % kPages, bytes[3]);
            if (bytes.size() / 4 % 8 == 1) compare();
        }
    }

private:
    // What a program sees of one page.
    struct Page {
        int protection;
        uint32_t flags;
        PageSource* source;
        uint64_t offset;
        bool operator==(const Page&) const = default;
    };

    void step(unsigned what, uint64_t page, unsigned detail) {
        switch (what % 6) {
            case 0:
            case 1: map(page, 1 + detail % 16, what / 6 + detail / 16); break;
            case 2: unmap(page, 1 + detail % 16); break;
            case 3: merge_at(page * kPage); break;
            case 4: gap(1 + detail % 64, page, what / 6); break;
            case 5: move(page * kPage, detail); break;
        }
    }

    void map(uint64_t page, uint64_t pages, unsigned kind) {
        if (page + pages > kPages) return;
        unmap(page, pages);
        auto vma = std::make_unique<Vma>();
        vma->begin = page * kPage;
        vma->end = (page + pages) * kPage;
        vma->protection = static_cast<int>(kind & 1);
        vma->flags = (kind & 6) == 6 ? Vma::kGrowsDown : 0;
        if ((kind & 24) != 0) {
            vma->source = (kind & 8) != 0 ? one_ : other_;
            vma->offset = ((kind & 32) != 0 ? page : page + 7) * kPage;
        }
        for (uint64_t i = 0; i < pages; i++) {
            model_[page + i] = {vma->protection, vma->flags, vma->source.get(),
                                vma->source ? vma->offset + i * kPage : 0};
        }
        insert(std::move(vma));
    }

    // As munmap does it: cut at both ends, take out what lies between.
    void unmap(uint64_t page, uint64_t pages) {
        const uint64_t begin = page * kPage;
        const uint64_t end = begin + pages * kPage;
        for (const uint64_t at : {begin, end}) {
            Vma* vma = tree_.find(at);
            if (vma == nullptr || vma->begin >= at) continue;
            auto upper = std::make_unique<Vma>();
            tree_.split(*vma, at, *upper);
            mappings_[at] = std::move(upper);
        }
        for (Vma* vma = tree_.find(begin); vma != nullptr && vma->begin < end;) {
            Vma* after = VmaTree::next(*vma);
            tree_.remove(*vma);
            mappings_.erase(vma->begin);
            vma = after;
        }
        for (uint64_t i = 0; i < pages; i++) model_.erase(page + i);
    }

    void merge_at(uint64_t address) {
        Vma* vma = tree_.find(address);
        if (vma == nullptr) return;
        const Vma* after = VmaTree::next(*vma);
        const bool expected = after != nullptr && after->begin == vma->end &&
                              looks_alike(vma->end / kPage - 1, after->begin / kPage);
        Vma* emptied = tree_.merge(*vma);
        ASSERT((emptied != nullptr) == expected);
        if (emptied != nullptr) mappings_.erase(emptied->begin);
    }

    bool looks_alike(uint64_t left_page, uint64_t right_page) {
        Page left = model_.at(left_page);
        if (left.source != nullptr) left.offset += kPage;
        return left == model_.at(right_page);
    }

    // Moves the lower end of a mapping up or down, its upper end up or down.
    void move(uint64_t address, unsigned detail) {
        Vma* vma = tree_.find(address);
        if (vma == nullptr) return;
        const uint64_t first = vma->begin / kPage;
        const uint64_t last = vma->end / kPage - 1;
        if ((detail & 1) != 0 && first < last) {
            auto owner = std::move(mappings_.at(vma->begin));
            mappings_.erase(vma->begin);
            model_.erase(first);
            tree_.set_begin(*vma, vma->begin + kPage);
            mappings_[vma->begin] = std::move(owner);
        } else if ((detail & 2) != 0 && first < last) {
            model_.erase(last);
            tree_.set_end(*vma, vma->end - kPage);
        } else if (last + 1 < kPages && !model_.contains(last + 1)) {
            model_[last + 1] = model_.at(last);
            if (vma->source) model_[last + 1].offset += kPage;
            tree_.set_end(*vma, vma->end + kPage);
        }
    }

    void gap(uint64_t pages, uint64_t first, unsigned tail) {
        const uint64_t high = kPages - tail;
        const uint64_t low = first < high ? first : high;
        uint64_t expected = high - low >= pages ? high - pages : 0;
        while (expected > low && !is_gap(expected, expected + pages)) expected--;
        const bool possible = high - low >= pages && is_gap(expected, expected + pages);
        const Result<uint64_t> found = tree_.find_gap(pages * kPage, low * kPage, high * kPage);
        ASSERT(found.has_value() == possible);
        ASSERT(!found || *found == expected * kPage);
    }

    bool is_gap(uint64_t begin, uint64_t end) {
        const auto next = model_.lower_bound(begin);
        if (next != model_.end() && next->first < end) return false;
        if (next == model_.end()) return true;
        const bool stack = (next->second.flags & Vma::kGrowsDown) != 0;
        return !stack || next->first >= end + VmaTree::kStackGap / kPage;
    }

    void insert(std::unique_ptr<Vma> vma) {
        tree_.insert(*vma);
        const uint64_t begin = vma->begin;
        mappings_[begin] = std::move(vma);
    }

    // Every page of every mapping, in order, is the model's; and find() finds it.
    void compare() {
        auto expected = model_.begin();
        uint64_t bytes = 0;
        size_t count = 0;
        for (Vma* vma = tree_.first(); vma != nullptr; vma = VmaTree::next(*vma)) {
            count++;
            bytes += vma->size();
            ASSERT(vma->begin < vma->end && mappings_.at(vma->begin).get() == vma);
            for (uint64_t at = vma->begin; at < vma->end; at += kPage, ++expected) {
                const Page page{vma->protection, vma->flags, vma->source.get(),
                                vma->source ? vma->offset + (at - vma->begin) : 0};
                ASSERT(expected != model_.end() && expected->first == at / kPage);
                ASSERT(page == expected->second);
            }
            ASSERT(tree_.find(vma->begin) == vma && tree_.find(vma->end - 1) == vma);
            ASSERT(tree_.find(vma->end) == VmaTree::next(*vma));
        }
        ASSERT(expected == model_.end());
        ASSERT(tree_.count() == count && count == mappings_.size() && tree_.bytes() == bytes);
    }

    RefPtr<PageSource> one_ = lib::adopt_ref<PageSource>(new SamplePages);
    RefPtr<PageSource> other_ = lib::adopt_ref<PageSource>(new SamplePages);
    VmaTree tree_;
    std::map<uint64_t, std::unique_ptr<Vma>> mappings_;  // by their beginnings: who owns them
    std::map<uint64_t, Page> model_;                     // by page number
};

}  // namespace mm
