#include "executor/trial_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/numbers.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;

/// With its parents, unreadable for others.
void make_folder(const fs::path& path) {
  if (path.has_parent_path() && !fs::exists(path.parent_path())) make_folder(path.parent_path());
  if (mkdir(path.c_str(), 0700) == 0) return;
  const std::error_code error(errno, std::generic_category());
  if (error == std::errc::file_exists && fs::is_directory(path)) return;
  throw Error(ErrorCode::executor_failed,
              "cannot make the folder " + path.string() + ": " + error.message());
}

/// Never follows links out of the folder.
void remove_inside(const fs::path& folder, bool (*wanted)(const std::string& name)) noexcept {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(folder, error))) return;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (wanted(entry->path().filename().string())) fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

TrialFolder::TrialFolder(const std::string& folder, TrialId trial) {
  std::string number = std::to_string(trial);
  if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
  name_ = "trial-" + number;
  path_ = (fs::absolute(folder).lexically_normal() / name_).string();
}

std::string TrialFolder::latest_log() const {
  std::int64_t latest = 0;
  std::error_code error;
  for (fs::directory_iterator entry(path_, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path file = entry->path().filename();
    if (file.extension() != ".log" || !file.string().starts_with("attempt-")) continue;
    if (const auto number = parse_integer(file.stem().string().substr(8)))
      latest = std::max(latest, *number);
  }
  return latest > 0 ? attempt(static_cast<int>(latest)) + ".log" : std::string();
}

void TrialFolder::prepare(int attempt) const {
  if (attempt == 1) remove_inside(path_, [](const std::string&) { return true; });
  for (const std::string& folder : {path_, work(), input(), config(), model(), output(),
                                    output_data(), intermediate(), checkpoints()})
    make_folder(folder);
  std::error_code ignored;
  fs::remove(failure(), ignored);
  for (const char* ending : {".log", ".status", ".pid"})
    fs::remove(this->attempt(attempt) + ending, ignored);
}

bool TrialFolder::has_checkpoints() const {
  std::error_code error;
  const fs::directory_iterator first(checkpoints(), error);
  return !error && first != fs::directory_iterator();
}

void TrialFolder::retire() const noexcept {
  remove_inside(checkpoints(), [](const std::string&) { return true; });
}

void TrialFolder::discard() const noexcept {
  remove_inside(path_, [](const std::string& name) {
    return name != "input" && !name.starts_with("attempt-");
  });
}

std::string read_file(const std::string& path, std::size_t limit) {
  std::ifstream file(path, std::ios::binary);
  std::string text(limit, '\0');
  file.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return text;
}

}  // namespace tunesmith
