#include "tunesmith/clock.hpp"

namespace tunesmith {
namespace {

class SystemClock final : public Clock {
 public:
  Seconds monotonic() const override { return std::chrono::steady_clock::now().time_since_epoch(); }
  Timestamp wall() const override {
    return Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
  }
};

}  // namespace

std::shared_ptr<const Clock> system_clock() { return std::make_shared<SystemClock>(); }

}  // namespace tunesmith
