#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace tunesmith {

/// A folder of its own for a test, gone with it; in memory where that is possible, for speed.
class TestFolder {
 public:
  TestFolder() {
    const bool memory = access("/dev/shm", W_OK) == 0;
    const std::filesystem::path base =
        memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    std::string name = (base / "tunesmith-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", {});
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace tunesmith
