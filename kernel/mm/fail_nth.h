// Failing on purpose: /proc/self/fail-nth (Linux: fault injection, "fail-nth"). A program writes n there,
// and the n-th allocation of its next call fails: so every way in which a call can run out of memory is
// walked, one after another.
#pragma once

namespace mm {

// Effect: whether the allocation that is about to be made shall fail; counts it. Context: any.
bool allocation_fails();

}  // namespace mm
