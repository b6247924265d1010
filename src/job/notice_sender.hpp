#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tunesmith/job.hpp"
#include "tunesmith/log.hpp"

namespace tunesmith {

/// Runs a job's command for each notice, or curl where the job names a webhook; one after the
/// other, in a thread of its own, so that nobody waits for them. The notice is given as a JSON
/// object on stdin and in variables TUNESMITH_…; the output goes nowhere. A command that takes too
/// long is killed, with what it started; failures are logged. The destructor sends what is left, as
/// far as it goes in a few seconds.
class NoticeSender {
 public:
  /// Precondition: `wanted` has a command or a webhook.
  NoticeSender(const NoticeReceiver& wanted, std::string study, LogSink log);
  ~NoticeSender();
  NoticeSender(const NoticeSender&) = delete;
  NoticeSender& operator=(const NoticeSender&) = delete;

  /// From any thread; returns at once.
  void send(const Notice& notice);

 private:
  void work();
  void run(const Notice& notice);
  void complain(const Notice& notice, const std::string& what) const;

  std::vector<std::string> command_;
  std::string study_;
  LogSink log_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Notice> waiting_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace tunesmith
