// TEST and CHECK: how a test program proves, to a host that trusts nothing else, what it saw.
//
//   TEST("A system call's result arrives.") {
//     CHECK(sys_getpid(), 1);
//   }
//
// Each CHECK, VALUE or CHECK_THAT is one site. Sites are numbered in the order of the source, each
// is executed exactly once and in that order. A site folds (its number, got ^ want) into a MAC
// under a secret that the host has patched into this program; the host knows the sites from the
// section .cairn_checks and computes the same MAC for "every value was the expected one". So a
// kernel can neither skip, nor reorder, nor invent a result. Frames on the console, one write call
// each: user/lib/check.cc. The host's half: grading/ (docs: how grading works).
//
// The body of a TEST must be one function: loops are fine, but a site must not stand in one.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <type_traits>

namespace cairn {

enum SiteKind : uint32_t { kSiteCheck = 0, kSiteValue = 1 };

// The n-th number of this run, drawn by the host: SipHash of (secret, n). Expected values are made
// of these wherever possible, since no kernel can know them before it has done the work.
uint64_t secret(uint64_t n);

// The command line of the program (argument(0) is its name), or null beyond its end.
const char* argument(int index);

// A decimal or 0x-hexadecimal argument, or the fallback if there is none.
uint64_t argument_number(int index, uint64_t fallback);

// Prints a remark that the grader shows when the row fails.
void note(const char* format, ...) __attribute__((format(printf, 1, 2)));

// Closes the proof before the end of the program: for a program that is about to be killed.
void finish();

// How a child ends that checks something: the proof is the first process's alone (cairn/children.h).
inline constexpr int kCheckInChild = 125;

namespace detail {

void becomes_child();
uint64_t next_answer_key();
void check(uint32_t site, uint32_t line, uint64_t got, uint64_t want);
void value(uint32_t site, uint64_t v);
int run_test(void (*body)(), int argc, char** argv);

// Signed numbers are sign-extended, so that -EFAULT is the same as a long, an int and a register.
template <typename T>
uint64_t widen([[maybe_unused]] T v) {
    if constexpr (std::is_null_pointer_v<T>) {
        return 0;
    } else if constexpr (std::is_pointer_v<T>) {
        return reinterpret_cast<uintptr_t>(v);
    } else if constexpr (std::is_enum_v<T>) {
        return widen(static_cast<std::underlying_type_t<T>>(v));
    } else {
        return static_cast<uint64_t>(
            static_cast<std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>(v));
    }
}

inline constexpr uint32_t kCounterBase = __COUNTER__ + 1;

}  // namespace detail
}  // namespace cairn

// The record of a site: {kind, line}. Subsections are put in the order of their numbers, whatever
// order the compiler emits code in; the symbol keeps a duplicated path (inlining, unrolling) from
// leaving a second record.
#define CAIRN_SITE_RECORD(site, kind, line)                   \
    __asm__ volatile(                                         \
        ".ifndef .Lcairn_site_%c0\n"                          \
        ".set .Lcairn_site_%c0, 1\n"                          \
        ".pushsection .cairn_checks, %c0, \"a\", @progbits\n" \
        ".4byte %c1, %c2\n"                                   \
        ".popsection\n"                                       \
        ".endif" ::"i"(site),                                 \
        "i"(kind), "i"(line))

// What was observed, and what must have been.
#define CHECK(got, want)                                                                       \
    do {                                                                                       \
        constexpr uint32_t cairn_site = __COUNTER__ - ::cairn::detail::kCounterBase;           \
        CAIRN_SITE_RECORD(cairn_site, ::cairn::kSiteCheck, __LINE__);                          \
        uint64_t cairn_got = ::cairn::detail::widen(got);                                      \
        ::cairn::detail::check(cairn_site, __LINE__, cairn_got, ::cairn::detail::widen(want)); \
    } while (0)

#define CHECK_THAT(condition) CHECK(static_cast<bool>(condition), true)

// A number that the host cannot know beforehand (a time, a register) and judges itself.
#define VALUE(observed)                                                              \
    do {                                                                             \
        constexpr uint32_t cairn_site = __COUNTER__ - ::cairn::detail::kCounterBase; \
        CAIRN_SITE_RECORD(cairn_site, ::cairn::kSiteValue, __LINE__);                \
        ::cairn::detail::value(cairn_site, ::cairn::detail::widen(observed));        \
    } while (0)

// The sentence of the specification that this program proves; it is for the reader, lab.toml holds
// it too.
#define TEST(sentence)                                                   \
    static_assert(sizeof(sentence) > 1, "say what this program proves"); \
    static void cairn_test_body();                                       \
    int main(int argc, char** argv) {                                    \
        return ::cairn::detail::run_test(cairn_test_body, argc, argv);   \
    }                                                                    \
    static void cairn_test_body()

using cairn::argument_number;
using cairn::note;
using cairn::secret;
