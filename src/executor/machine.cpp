#include "executor/machine.hpp"

#include <dlfcn.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>

#include "core/numbers.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool executable_file(const fs::path& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

/// Marks this library's place for dladdr.
void here() {}

}  // namespace

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::vector<std::string> visible_gpus() {
  std::vector<std::string> gpus;
  if (const char* listed = std::getenv("CUDA_VISIBLE_DEVICES")) {
    for (std::string& gpu : split(listed, ',')) {
      // As the driver reads it: what follows an unusable entry is invisible too.
      if (gpu.empty() || gpu[0] == '-') break;
      gpus.push_back(std::move(gpu));
    }
    return gpus;
  }
  std::vector<std::int64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry("/dev", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with("nvidia")) continue;
    if (const auto number = parse_integer(std::string_view(name).substr(6)))
      numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (const std::int64_t number : numbers) gpus.push_back(std::to_string(number));
  return gpus;
}

std::vector<std::string> share_of_gpus(const std::vector<std::string>& gpus, int slot,
                                       int parallel) {
  if (gpus.empty()) return {};
  const std::size_t parts = static_cast<std::size_t>(std::max(1, parallel));
  const std::size_t part = static_cast<std::size_t>(slot) % parts;
  if (gpus.size() < parts) return {gpus[part % gpus.size()]};
  const auto at = [&](std::size_t i) {
    return gpus.begin() + static_cast<std::ptrdiff_t>(i * gpus.size() / parts);
  };
  return {at(part), at(part + 1)};
}

std::string find_launcher(const std::string& given) {
  constexpr const char* name = "tunesmith-launcher";
  std::vector<fs::path> places;
  if (!given.empty()) {
    places.emplace_back(given);
  } else {
    std::vector<fs::path> folders;
    std::error_code error;
    Dl_info info{};
    // In a shared library this is the library's file, else the program's as it was called.
    if (dladdr(reinterpret_cast<void*>(&here), &info) != 0 && info.dli_fname != nullptr) {
      const fs::path file = fs::canonical(info.dli_fname, error);
      if (!error) folders.push_back(file.parent_path());
    }
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) folders.push_back(program.parent_path());
    for (const fs::path& folder : folders) {
      for (const char* step : {".", "bin", "../libexec/tunesmith", "../../libexec/tunesmith"})
        places.push_back((folder / step / name).lexically_normal());
    }
    places.push_back(fs::path(TUNESMITH_LAUNCHER_INSTALLED) / name);
    places.push_back(fs::path(TUNESMITH_LAUNCHER_BUILT) / name);
  }
  std::string looked;
  for (const fs::path& place : places) {
    if (executable_file(place)) return fs::absolute(place).string();
    looked += "\n  " + place.string();
  }
  throw Error(
      ErrorCode::executor_failed,
      "the launcher program that guards trials is not there; it is built and installed with "
      "tunesmith. Looked for:" +
          looked);
}

std::optional<std::string> find_program(const std::string& name, const std::string& base_folder) {
  const fs::path base = fs::absolute(base_folder.empty() ? "." : base_folder);
  if (name.find('/') == std::string::npos) {
    const char* path = std::getenv("PATH");
    for (const std::string& folder : split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
      const fs::path file = fs::absolute(folder.empty() ? "." : folder) / name;
      if (executable_file(file)) return file.string();
    }
  }
  const fs::path file = (base / name).lexically_normal();
  if (executable_file(file)) return file.string();
  return std::nullopt;
}

}  // namespace tunesmith
