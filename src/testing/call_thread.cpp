#include "testing/call_thread.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace tunesmith::testing {

struct CallThread::State {
  std::mutex mutex;
  std::condition_variable news;
  std::function<void()> call;
  std::exception_ptr error;
  bool busy = false;
  bool quit = false;

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      news.wait(lock, [&] { return quit || busy; });
      if (!busy) return;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        call();
      } catch (...) {
        thrown = std::current_exception();
      }
      call = nullptr;  // what it holds goes before its caller goes on
      lock.lock();
      error = thrown;
      busy = false;
      news.notify_all();
    }
  }
};

CallThread::CallThread() : state_(std::make_shared<State>()) {
  thread_ = std::thread([state = state_] { state->serve(); });
}

CallThread::~CallThread() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->quit = true;
  }
  state_->news.notify_all();
  if (hangs_) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

bool CallThread::call(std::function<void()> call, Seconds limit) {
  if (hangs_) return false;
  std::unique_lock lock(state_->mutex);
  state_->call = std::move(call);
  state_->busy = true;
  state_->news.notify_all();
  if (!state_->news.wait_for(lock, limit, [&] { return !state_->busy; })) {
    hangs_ = true;
    return false;
  }
  if (state_->error) std::rethrow_exception(std::exchange(state_->error, nullptr));
  return true;
}

}  // namespace tunesmith::testing
