// The standard headers that most files use. GCC reads them once, and each file finds them read already
// (build.mk): they are longer than all that is ours. Every file includes what it uses all the same; clang,
// which does without this one (make check-locks), sees whether it does.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
