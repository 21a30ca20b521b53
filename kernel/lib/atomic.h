// A variable that several CPUs change, or an interrupt handler and the code that it interrupted.
//
// The shape is std::atomic's, which cannot be used here: GCC's <atomic> includes <pthread.h> and
// <unistd.h>, whose functions time(), sync() and signal() have the names of our folders.
#pragma once

namespace lib {

// How other memory accesses of this CPU are seen relative to this one (C++ standard, [atomics.order]).
enum class Order : int {
    kRelaxed = __ATOMIC_RELAXED,
    kAcquire = __ATOMIC_ACQUIRE,  // later accesses stay behind it
    kRelease = __ATOMIC_RELEASE,  // earlier accesses stay before it
    kAll = __ATOMIC_SEQ_CST,
};

template <typename T>
class Atomic {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "smaller ones would need a library");

public:
    constexpr Atomic() = default;
    constexpr explicit Atomic(T value) : value_(value) {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(Order order = Order::kAll) const {
        return __atomic_load_n(&value_, static_cast<int>(order));
    }
    void store(T value, Order order = Order::kAll) {
        __atomic_store_n(&value_, value, static_cast<int>(order));
    }
    // The four below return the value from before.
    T exchange(T value, Order order = Order::kAll) {
        return __atomic_exchange_n(&value_, value, static_cast<int>(order));
    }
    T fetch_add(T value, Order order = Order::kAll) {
        return __atomic_fetch_add(&value_, value, static_cast<int>(order));
    }
    T fetch_or(T value, Order order = Order::kAll) {
        return __atomic_fetch_or(&value_, value, static_cast<int>(order));
    }
    T fetch_and(T value, Order order = Order::kAll) {
        return __atomic_fetch_and(&value_, value, static_cast<int>(order));
    }
    // Stores `wanted` if the value is `expected`; else returns false with the value in `expected`.
    bool compare_exchange(T& expected, T wanted, Order order = Order::kAll) {
        return __atomic_compare_exchange_n(&value_, &expected, wanted, false,
                                           static_cast<int>(order), __ATOMIC_RELAXED);
    }

private:
    T value_{};
};

// Effect: what this CPU has written is seen by all before it reads on. A store and a load behind it may else
// change places, on any CPU.
inline void full_fence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

// Effect: one more, for a number that only the caller ever changes and others read: a plain load and store.
template <typename T>
void count(Atomic<T>& number) {
    number.store(number.load(Order::kRelaxed) + 1, Order::kRelaxed);
}

}  // namespace lib
