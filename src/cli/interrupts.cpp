#include "cli/interrupts.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

namespace tunesmith::cli {
namespace {

constexpr std::array<int, 3> watched = {SIGINT, SIGTERM, SIGHUP};

// A signal handler can only reach what is global.
std::atomic<int> pipe_end{-1};

extern "C" void write_signal(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const ssize_t written = write(pipe_end.load(), &byte, 1);
  errno = saved;
}

}  // namespace

struct Interrupts::Impl {
  std::function<void(int, int)> on_signal;
  std::array<int, 2> ends = {-1, -1};
  std::array<struct sigaction, watched.size()> before = {};
  std::atomic<int> count{0};
  std::thread thread;

  void listen() {
    unsigned char number = 0;
    for (;;) {
      const ssize_t size = read(ends[0], &number, 1);
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0 || number == 0) return;
      const int so_far = ++count;
      on_signal(number, so_far);
    }
  }
};

Interrupts::Interrupts(std::function<void(int signal, int count)> on_signal)
    : impl_(std::make_unique<Impl>()) {
  impl_->on_signal = std::move(on_signal);
  if (pipe(impl_->ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  pipe_end = impl_->ends[1];
  impl_->thread = std::thread([impl = impl_.get()] { impl->listen(); });
  for (std::size_t i = 0; i < watched.size(); ++i) {
    sigaction(watched[i], nullptr, &impl_->before[i]);
    if (watched[i] == SIGHUP && impl_->before[i].sa_handler == SIG_IGN) continue;
    struct sigaction action = {};
    action.sa_handler = write_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(watched[i], &action, nullptr);
  }
}

Interrupts::~Interrupts() {
  for (std::size_t i = 0; i < watched.size(); ++i) {
    sigaction(watched[i], &impl_->before[i], nullptr);
  }
  pipe_end = -1;
  const unsigned char end = 0;
  [[maybe_unused]] const ssize_t written = write(impl_->ends[1], &end, 1);
  impl_->thread.join();
  close(impl_->ends[0]);
  close(impl_->ends[1]);
}

int Interrupts::count() const { return impl_->count; }

}  // namespace tunesmith::cli
