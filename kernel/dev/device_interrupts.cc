// Contract: dev/device_interrupts.h. The controller itself is the port's (arch/interrupt_controller.h).
#include "dev/device_interrupts.h"

#include "arch/interrupt_controller.h"
#include "lib/assert.h"

namespace dev {

namespace {
constexpr uint32_t kMostSources = 128;
void (*handlers[kMostSources])() = {};
}  // namespace

void connect_interrupt(uint32_t source, void (*handler)()) {
    ASSERT(source != 0 && source < kMostSources && handlers[source] == nullptr);
    handlers[source] = handler;
    arch::enable_interrupt_source(*arch::this_cpu(), source);
}

void handle_device_interrupts(arch::Cpu& cpu) {
    for (uint32_t source = arch::claim_interrupt(cpu); source != 0;
         source = arch::claim_interrupt(cpu)) {
        if (source < kMostSources && handlers[source] != nullptr) handlers[source]();
        arch::complete_interrupt(cpu, source);
    }
}

}  // namespace dev
