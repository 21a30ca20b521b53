// Which numbers are taken: as a pid, or as the number of a group or a session. A number is free again only
// when nobody refers to it in any of these ways, so that a signal or a wait never meets a stranger.
//
// Finding takes O(log n). Numbers are given in ascending order and come round at the limit, so that one
// that has just become free is not given soon. Context of all: family_lock is held (family.h).
#pragma once
#include "lib/result.h"
#include "lib/tree.h"
#include "task/process_part.h"

namespace task {

// One number and who refers to it. It lies on the heap; the last who lets it go frees it.
struct PidEntry {
    lib::TreeNode node;
    int number = 0;
    unsigned users = 0;                // pids, groups and sessions that have this number
    core::Process* process = nullptr;  // whose pid it is; none once that was reaped
    core::Thread* thread = nullptr;    // whose tid it is; none once that has ended
    List<ProcessPart, &ProcessPart::group_link> members;  // of the group of this number
};

class PidTable {
public:
    static constexpr int kLeastLimit = 301;  // as Linux: fs.pid_max
    static constexpr int kMostLimit = 4194304;
    static constexpr int kUsualLimit = 32768;
    static constexpr int kFirstAgain = 300;  // where the numbers go on when they have come round

    // Effect: the entry gets a number that nobody has. EAGAIN: there is none below the limit.
    Result<void> add(PidEntry& entry);
    // Effect: its number is free. Nobody refers to it any more.
    void remove(PidEntry& entry);

    // Null: nobody has this number.
    PidEntry* find(int number) const;
    // For walks over all numbers, upwards; null behind the last.
    PidEntry* first_not_below(int number) const;
    static PidEntry* next(const PidEntry& entry) { return Tree::next(entry); }

    // All numbers are below the limit (/proc/sys/kernel/pid_max). EINVAL.
    int limit() const { return limit_; }
    int last_given() const { return next_ - 1; }
    Result<void> set_limit(int limit);

private:
    struct Rules {
        static uint64_t key(const PidEntry& entry) { return static_cast<uint64_t>(entry.number); }
        static bool update(PidEntry&, const PidEntry*, const PidEntry*) { return false; }
    };
    using Tree = lib::Tree<PidEntry, &PidEntry::node, Rules>;

    // The first free number from `from` up, below the limit; 0: there is none.
    int first_free(int from) const;

    Tree tree_;
    int next_ = 1;
    int limit_ = kUsualLimit;
};

}  // namespace task
