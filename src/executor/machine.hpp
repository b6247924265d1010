#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tunesmith {

/// Processors that this process may use; at least 1.
int usable_cores();

/// What CUDA_VISIBLE_DEVICES lists, else the numbers of the /dev/nvidia<n> there are.
std::vector<std::string> visible_gpus();

/// The GPUs of one of `parallel` slots, of which each gets its own where there are enough, else
/// they take turns.
std::vector<std::string> share_of_gpus(const std::vector<std::string>& gpus, int slot,
                                       int parallel);

/// The launcher program: `given` where not empty, else looked for beside the library or the
/// running program and in the install and build folders. Throws Error{executor_failed} with the
/// places looked at.
std::string find_launcher(const std::string& given);

/// A program as the shell would find it in PATH, else in `base_folder`; nothing where it is not to
/// be found. Names with a slash are taken from `base_folder`.
std::optional<std::string> find_program(const std::string& name, const std::string& base_folder);

}  // namespace tunesmith
