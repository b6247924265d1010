// A strategy that suggests nothing is none.
#include "tunesmith/search.hpp"

class Mine : public tunesmith::SearchStrategy {
 public:
  std::string name() const override { return "mine"; }
#ifndef MUST_NOT_COMPILE
  std::vector<tunesmith::Suggestion> suggest(const tunesmith::StudyView&, int) override {
    return {};
  }
#endif
};

Mine make() { return {}; }
