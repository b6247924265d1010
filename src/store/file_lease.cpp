#include "store/file_lease.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

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
