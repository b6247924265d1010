#include "testing/patience.hpp"

#include <stdexcept>
#include <utility>

#include "core/numbers.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith::testing {
namespace {

/// So that a kit comes to its end where nothing does.
constexpr int most_hangs = 3;

/// An object under test, called through a PatientCaller.
template <typename Contract>
class Patient {
 public:
  Patient(std::shared_ptr<Contract> inner, std::shared_ptr<PatientCaller> caller)
      : inner_(std::move(inner)), caller_(std::move(caller)) {}
  ~Patient() { caller_->let_go(std::move(inner_)); }
  Patient(const Patient&) = delete;
  Patient& operator=(const Patient&) = delete;

  /// `body` is given the object; what else it needs it holds.
  template <typename Body>
  auto call(const std::string& what, Body body) const {
    using Answer = decltype(body(*inner_));
    if constexpr (std::is_void_v<Answer>) {
      caller_->call(what, [inner = inner_, body = std::move(body)] { body(*inner); });
    } else {
      const auto answer = std::make_shared<Answer>();
      caller_->call(what,
                    [inner = inner_, body = std::move(body), answer] { *answer = body(*inner); });
      return std::move(*answer);
    }
  }

 private:
  std::shared_ptr<Contract> inner_;
  std::shared_ptr<PatientCaller> caller_;
};

class PatientStrategy final : public SearchStrategy {
 public:
  using Contract = SearchStrategy;
  explicit PatientStrategy(std::unique_ptr<Patient<SearchStrategy>> inner)
      : inner_(std::move(inner)),
        follows_(inner_->call("follows_events",
                              [](SearchStrategy& search) { return search.follows_events(); })) {}
  std::string name() const override {
    return inner_->call("name", [](SearchStrategy& search) { return search.name(); });
  }
  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    return inner_->call(
        "suggest", [view, count](SearchStrategy& search) { return search.suggest(view, count); });
  }
  bool follows_events() const noexcept override { return follows_; }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    return inner_->call("on_events",
                        [view, events = std::vector<StoredEvent>(news.begin(), news.end())](
                            SearchStrategy& search) { return search.on_events(view, events); });
  }

 private:
  std::unique_ptr<Patient<SearchStrategy>> inner_;
  bool follows_;
};

class PatientRule final : public StoppingRule {
 public:
  using Contract = StoppingRule;
  explicit PatientRule(std::unique_ptr<Patient<StoppingRule>> inner) : inner_(std::move(inner)) {}
  std::string name() const override {
    return inner_->call("name", [](StoppingRule& rule) { return rule.name(); });
  }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    return inner_->call("on_events",
                        [view, events = std::vector<StoredEvent>(news.begin(), news.end())](
                            StoppingRule& rule) { return rule.on_events(view, events); });
  }
  std::vector<Action> on_time(Seconds now) override {
    return inner_->call("on_time", [now](StoppingRule& rule) { return rule.on_time(now); });
  }

 private:
  std::unique_ptr<Patient<StoppingRule>> inner_;
};

class PatientStore final : public Store {
 public:
  using Contract = Store;
  explicit PatientStore(std::unique_ptr<Patient<Store>> inner) : inner_(std::move(inner)) {}

  OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    return inner_->call("open_study",
                        [name = std::string(name), problem = std::string(problem_json)](
                            Store& store) { return store.open_study(name, problem); });
  }
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    return inner_->call("events_since",
                        [=](Store& store) { return store.events_since(study, after, limit); });
  }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    return inner_->call(
        "append", [study, events = std::vector<Event>(events.begin(), events.end()), precondition](
                      Store& store) { return store.append(study, events, precondition); });
  }
  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    return inner_->call("lease", [study, owner = std::string(owner), ttl](Store& store) {
      return store.lease(study, owner, ttl);
    });
  }
  void release(StudyKey study, std::string_view owner) override {
    inner_->call("release", [study, owner = std::string(owner)](Store& store) {
      store.release(study, owner);
    });
  }
  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    inner_->call("wait", [=](Store& store) { store.wait(study, after, timeout); });
  }
  std::vector<StudyInfo> list() override {
    return inner_->call("list", [](Store& store) { return store.list(); });
  }
  void remove(StudyKey study) override {
    inner_->call("remove", [study](Store& store) { store.remove(study); });
  }

 private:
  std::unique_ptr<Patient<Store>> inner_;
};

template <typename Wrapper, typename Contract = typename Wrapper::Contract>
std::function<std::shared_ptr<Contract>()> patient_maker(
    const std::function<std::shared_ptr<Contract>()>& make, const std::string& name,
    const std::shared_ptr<PatientCaller>& caller) {
  if (!make) return {};
  return [make, name, caller] {
    const auto made = std::make_shared<std::shared_ptr<Contract>>();
    caller->call(name, [make, name, made] {
      *made = make();
      if (*made == nullptr) throw std::runtime_error(name + " gave null");
    });
    return std::make_shared<Wrapper>(std::make_unique<Patient<Contract>>(std::move(*made), caller));
  };
}

template <typename Wrapper, typename Kit>
Kit patient_kit(const Kit& kit, const std::shared_ptr<PatientCaller>& caller) {
  if (!kit.make) throw Error(ErrorCode::invalid_argument, "a conformance kit needs `make`");
  Kit made = kit;
  made.make = patient_maker<Wrapper>(kit.make, "`make`", caller);
  return made;
}

}  // namespace

PatientCaller::Attempt PatientCaller::attempt(std::function<void()> call) {
  std::unique_ptr<CallThread> thread;
  {
    const std::lock_guard lock(mutex_);
    if (hangs_ >= most_hangs) return Attempt::given_up;
    if (!idle_.empty()) {
      thread = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!thread) thread = std::make_unique<CallThread>();
  std::exception_ptr thrown;
  bool back = true;
  try {
    back = thread->call(std::move(call), patience_);
  } catch (...) {
    thrown = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    if (back) {
      idle_.push_back(std::move(thread));
    } else {
      ++hangs_;
    }
  }
  if (thrown) std::rethrow_exception(thrown);
  return back ? Attempt::back : Attempt::hung;
}

void PatientCaller::call(const std::string& what, std::function<void()> call) {
  switch (attempt(std::move(call))) {
    case Attempt::back:
      return;
    case Attempt::hung:
      throw std::runtime_error(what + " does not come back within " +
                               number_text(patience_.count()) + " s");
    case Attempt::given_up:
      throw std::runtime_error(what + " is not called any more, as " + std::to_string(most_hangs) +
                               " calls did not come back");
  }
}

void PatientCaller::let_go(std::shared_ptr<void> object) noexcept {
  auto last = std::make_shared<std::shared_ptr<void>>(std::move(object));
  const Attempt done = attempt([last] { last->reset(); });
  if (done == Attempt::given_up) std::thread([last = std::move(last)] { last->reset(); }).detach();
  if (done != Attempt::hung) return;
  const std::lock_guard lock(mutex_);
  all_gone_ = false;
}

bool PatientCaller::all_gone() const {
  const std::lock_guard lock(mutex_);
  return all_gone_;
}

StrategyKit patient(const StrategyKit& kit, const std::shared_ptr<PatientCaller>& caller) {
  return patient_kit<PatientStrategy>(kit, caller);
}

StoppingRuleKit patient(const StoppingRuleKit& kit, const std::shared_ptr<PatientCaller>& caller) {
  return patient_kit<PatientRule>(kit, caller);
}

StoreKit patient(const StoreKit& kit, const std::shared_ptr<PatientCaller>& caller) {
  StoreKit made = patient_kit<PatientStore>(kit, caller);
  made.reopen = patient_maker<PatientStore>(kit.reopen, "`reopen`", caller);
  return made;
}

void check_all_gone(Checks& checks, const PatientCaller& caller) {
  checks.check("its destructor comes back", [&] {
    checks.expect(caller.all_gone(), "an object that was let go did not come to its end");
  });
}

}  // namespace tunesmith::testing
