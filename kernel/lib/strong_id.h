// Numbers of different things are different types: a Pid is not taken where a Tid is wanted, nor
// a plain int where either is.
//
//   Tid tid{7};   void wake(Tid tid);   wake(tid);   wake(Pid{7});  // does not compile
#pragma once

#include <compare>

namespace lib {

template <typename Self>
class StrongId {
public:
    constexpr explicit StrongId(int value) : value_(value) {}
    constexpr int value() const { return value_; }

    friend constexpr bool operator==(Self a, Self b) { return a.value() == b.value(); }
    friend constexpr auto operator<=>(Self a, Self b) { return a.value() <=> b.value(); }

private:
    int value_;
};

// What getpid() returns: a process, in Linux's words a thread group.
struct Pid : StrongId<Pid> {
    using StrongId::StrongId;
};

// What gettid() returns: one thread.
struct Tid : StrongId<Tid> {
    using StrongId::StrongId;
};

// An index into a process's table of open files.
struct Fd : StrongId<Fd> {
    using StrongId::StrongId;
};

}  // namespace lib

using lib::Fd;
using lib::Pid;
using lib::Tid;
