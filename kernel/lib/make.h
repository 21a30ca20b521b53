// Making objects on the heap: no memory is an error like any other.
//
//   UniquePtr<Vma> vma = TRY(lib::make<Vma>());
//   RefPtr<File> file = TRY(lib::make_ref<File>(node, flags));
#pragma once

#include <new>
#include <utility>

#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/unique_ptr.h"

namespace lib {

inline constexpr unsigned kHeapAlignment = 16;      // of everything that the heap gives out
inline constexpr unsigned kHeapMostAlignment = 64;  // of what its type wants aligned further

// Effect: a new T from these arguments and its only owner, or ENOMEM. Context: as mm::allocate.
template <typename T, typename... Arguments>
Result<UniquePtr<T>> make(Arguments&&... arguments) {
    static_assert(alignof(T) <= kHeapMostAlignment, "the heap does not align that far");
    T* object = new (std::nothrow) T(std::forward<Arguments>(arguments)...);
    if (object == nullptr) return Errno{ENOMEM};
    return UniquePtr<T>(object);
}

// Effect: a new T, which counts its owners, and its first owner, or ENOMEM. Context: as mm::allocate.
template <typename T, typename... Arguments>
Result<RefPtr<T>> make_ref(Arguments&&... arguments) {
    return adopt_ref(TRY(make<T>(std::forward<Arguments>(arguments)...)).release());
}

}  // namespace lib
