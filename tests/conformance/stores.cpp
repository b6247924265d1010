#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "conformance/registered.hpp"
#include "support/test_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace tunesmith;

/// A place for each store that is made, in a folder of its own; `options` follow it in the URL.
class Places {
 public:
  Places(std::string scheme, std::string options)
      : scheme_(std::move(scheme)), options_(std::move(options)) {}

  std::shared_ptr<Store> make() {
    ++number_;
    fs::create_directory(folder());
    return open_store(url());
  }
  std::shared_ptr<Store> reopen() const { return open_store(url()); }

  /// Flips a byte here and there in each file that is left, cuts it short, empties it.
  bool damage(int number) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder())) {
      if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
    }
    constexpr int kinds = 24;
    const auto which = static_cast<std::size_t>(number / kinds);
    if (which >= files.size()) return false;
    std::ifstream file(files[which], std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const int kind = number % kinds;
    const auto at = bytes.size() * static_cast<std::size_t>(kind % 20) / 20;
    if (kind < 20) {
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    } else {
      bytes.resize(bytes.size() * static_cast<std::size_t>(kind - 20) / 4);
    }
    std::ofstream(files[which], std::ios::binary) << bytes;
    return true;
  }

 private:
  fs::path folder() const { return folder_.path() / std::to_string(number_); }
  std::string url() const { return scheme_ + ":" + (folder() / "store").string() + options_; }

  TestFolder folder_;
  std::string scheme_;
  std::string options_;
  int number_ = 0;
};

/// Stores without a place refuse one.
bool has_place(const std::string& name) {
  try {
    open_store(name + ":");
    return false;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

testing::Conformance check_registered_store(const std::string& name, const std::string& options) {
  if (!has_place(name)) {
    return testing::check_store({.make = [&] { return open_store(name + ":" + options); }});
  }
  Places places(name, options);
  return testing::check_store({.make = [&] { return places.make(); },
                               .reopen = [&] { return places.reopen(); },
                               .damage = [&](int number) { return places.damage(number); }});
}
