#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tunesmith {

/// A claim that ends with its process, however it ends: an exclusive lock on a side file, which
/// open file descriptions own, not processes, so that two claims of one process exclude each other
/// too.
class FileLease {
 public:
  /// Nothing while someone holds it. Throws Error{store_unavailable} where the file cannot be made.
  static std::optional<FileLease> claim(const std::string& path);
  /// Whether someone holds it, without disturbing those who try to.
  static bool is_held(const std::string& path);

  /// Writes down how many events the log has for good. What its holder leaves behind when it is
  /// killed shows the next one whether some of them are lost since. As good an effort as can be
  /// made: not where the disk is full.
  void note_events(std::int64_t events) const noexcept;
  /// What was noted in a file that was left behind since this machine was started; 0: nothing. A
  /// loss of power may take the last events of a log with `fast` durability, and is no damage.
  static std::int64_t noted_events(const std::string& path);

  FileLease(FileLease&& other) noexcept;
  FileLease& operator=(FileLease&& other) noexcept;
  /// Gives it back and removes the file.
  ~FileLease();

 private:
  FileLease(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;
};

}  // namespace tunesmith
