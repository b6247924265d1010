#include "store/file_lease.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <utility>

#include "store/seal.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

struct flock whole_file() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// Whether the open file still is the one of that name: its last holder may have removed it
/// meanwhile.
bool is_at(int file, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  return fstat(file, &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

std::string read_start(int file) {
  std::array<char, 128> bytes{};
  const ssize_t count = pread(file, bytes.data(), bytes.size(), 0);
  return {bytes.data(), count < 0 ? 0 : static_cast<std::size_t>(count)};
}

/// Changes with each start of the machine; empty where that cannot be told.
std::string boot_id() {
  const int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  const std::string id = read_start(file);
  close(file);
  return id;
}

/// Of one length always, so that a note is overwritten whole, and sealed, so that a torn one is
/// none.
std::string note_text(std::int64_t events) {
  static const std::string boot = boot_id();
  const std::uint64_t seal = Seal().add(std::string_view(boot)).add(events).value();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "events %019" PRId64 " %016" PRIx64 "\n", events, seal);
  return text.data();
}

[[noreturn]] void fail(const std::string& path, int failure) {
  throw Error(ErrorCode::store_unavailable,
              "lock file \"" + path + "\" cannot be used: " + std::strerror(failure));
}

}  // namespace

std::optional<FileLease> FileLease::claim(const std::string& path) {
  for (;;) {
    const int file =
        open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) fail(path, errno);
    struct flock lock = whole_file();
    const int failure = fcntl(file, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
    if (failure == 0 && is_at(file, path)) return FileLease(path, file);
    close(file);
    if (failure == EAGAIN || failure == EACCES) return {};
    if (failure != 0) fail(path, failure);
  }
}

bool FileLease::is_held(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  struct flock lock = whole_file();
  const bool held = fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(file);
  return held;
}

void FileLease::note_events(std::int64_t events) const noexcept {
  const std::string text = note_text(events);
  [[maybe_unused]] const ssize_t written = pwrite(file_, text.data(), text.size(), 0);
}

std::int64_t FileLease::noted_events(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return 0;
  const std::string text = read_start(file);
  close(file);
  std::int64_t events = 0;
  if (std::sscanf(text.c_str(), "events %" SCNd64, &events) != 1) return 0;
  return text == note_text(events) ? events : 0;
}

FileLease::FileLease(FileLease&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

FileLease& FileLease::operator=(FileLease&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  return *this;
}

FileLease::~FileLease() {
  if (file_ < 0) return;
  unlink(path_.c_str());
  close(file_);
}

}  // namespace tunesmith
