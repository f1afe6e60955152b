// What each source file exports to JS; addon.cc puts them together.
#pragma once

#include <vector>

#include "call.h"

namespace tstorch {

const std::vector<Export>& tensor_exports();
const std::vector<Export>& buffer_exports();
const std::vector<Export>& image_resample_exports();
const std::vector<Export>& image_colour_exports();
const std::vector<Export>& image_geometry_exports();
const std::vector<Export>& jpeg_exports();
const std::vector<Export>& autograd_exports();
const std::vector<Export>& graph_exports();
const std::vector<Export>& saved_exports();
const std::vector<Export>& function_exports();
const std::vector<Export>& engine_exports();
const std::vector<Export>& functorch_exports();
const std::vector<Export>& random_exports();
const std::vector<Export>& context_exports();
const std::vector<Export>& accelerator_exports();
const std::vector<Export>& backend_exports();
const std::vector<Export>& nvidia_exports();
const std::vector<Export>& settings_exports();
const std::vector<Export>& memory_exports();
const std::vector<Export>& library_exports();
const std::vector<Export>& sharing_exports();

}  // namespace tstorch
