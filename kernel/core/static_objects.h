// Objects of static life whose classes have constructors or destructors.
#pragma once

namespace core {

// Effect: what the compiler could not construct at build time is constructed. Context: the first line of
// the boot; what runs before uses constinit objects only.
void construct_static_objects();

}  // namespace core
