// Calls without boxing, for the signatures that nearly all calls have. Which operators use them is decided by their
// schemas alone: an overload whose parameters have the types of one of these signatures is called through it, any other
// through the dispatcher's boxed interface.
#pragma once

#include "arguments.h"

namespace tstorch {

// Picks the unboxed call for an overload, or null when its signature is none of those.
UnboxedCall find_unboxed_call(const Overload& overload);

}  // namespace tstorch
