// Calls without boxing, for the signatures that nearly all calls have. Which operators use them is decided by their
// schemas alone: an overload whose parameters have the types of one of these signatures is called through it, any other
// through the dispatcher's boxed interface.
#pragma once

#include "arguments.h"

namespace tstorch {

// Gives the overload its unboxed call, if its signature is one of those.
void adopt_unboxed_call(Overload& overload);

}  // namespace tstorch
