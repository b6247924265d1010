#include <algorithm>
#include <map>

#include "testing/store_cases.hpp"

namespace tunesmith::testing {
namespace {

std::vector<std::string> odd_names() {
  using namespace std::string_literals;
  return {"'; DROP TABLE events; --"s,
          "\""s,
          "a\0b"s,
          "a"s,
          "a\0"s,
          "\xff\xfe"s,
          "%s%n"s,
          "../../etc/x"s,
          "\xc3\xbcn\xc3\xaf"s,
          " "s,
          std::string(1 << 20, 'x')};
}

std::string shown(const std::string& name) {
  return "the name of " + std::to_string(name.size()) + " bytes that begins with \"" +
         name.substr(0, 8) + "\"";
}

}  // namespace

void check_studies(Checks& checks, const StoreKit& kit) {
  checks.check("a study is made once and found again with its first problem", [&] {
    const FreshStore fresh(kit);
    const OpenedStudy first = fresh.store->open_study("a", "{\"seed\":1}");
    const OpenedStudy again = fresh.store->open_study("a", "{\"seed\":2}");
    checks.expect(first.created && !again.created, "only the first call makes it");
    checks.expect(again.key == first.key, "it keeps its key");
    checks.expect(again.problem_json == "{\"seed\":1}", "it keeps its problem");
    checks.expect(fresh.store->open_study("a", "").key == first.key, "found without a problem");
    checks.expect(
        error_of([&] { fresh.store->open_study("b", ""); }) == ErrorCode::invalid_argument,
        "without a problem a study that does not exist is Error{invalid_argument}");
  });
  checks.check("names are data", [&] {
    const FreshStore fresh(kit);
    std::map<std::string, StudyKey> keys;
    for (const std::string& name : odd_names())
      keys[name] = fresh.store->open_study(name, "{}").key;
    std::vector<StudyKey> distinct;
    for (const auto& [name, key] : keys) {
      distinct.push_back(key);
      checks.expect(fresh.store->open_study(name, "").key == key, shown(name) + " is found again");
    }
    std::sort(distinct.begin(), distinct.end());
    checks.expect(std::adjacent_find(distinct.begin(), distinct.end()) == distinct.end(),
                  "different names are different studies");
    const std::vector<StudyInfo> infos = fresh.store->list();
    checks.expect(infos.size() == keys.size() + 1, "list() has every study once");
    for (const auto& known : keys) {
      checks.expect(std::any_of(infos.begin(), infos.end(),
                                [&](const StudyInfo& info) {
                                  return info.name == known.first && info.key == known.second;
                                }),
                    "list() has " + shown(known.first));
    }
  });
  checks.check("studies do not see each other", [&] {
    const FreshStore fresh(kit);
    const StudyKey other = fresh.store->open_study("other", "{}").key;
    fresh.store->append(fresh.study, std::vector{suggested(0)}, {});
    checks.expect(fresh.store->events_since(other, 0, 10).empty(), "events of another study");
    checks.expect(
        fresh.store->append(other, std::vector{suggested(0)}, Precondition::generation_is(0))
                .status == AppendResult::Status::ok,
        "each study has a generation of its own");
    fresh.store->append(other, std::vector{finished(0)}, {});
    checks.expect(fresh.store
                          ->append(fresh.study, std::vector{reported(0, 1)},
                                   Precondition::attempt_is_open(0, 1))
                          .status == AppendResult::Status::ok,
                  "each study has open attempts of its own");
    checks.expect(fresh.log().size() == 2, "two events in the one");
    checks.expect(fresh.store->events_since(other, 0, 10).size() == 2, "two events in the other");
  });
  checks.check("list() counts the events", [&] {
    const FreshStore fresh(kit);
    fresh.store->append(fresh.study, std::vector{suggested(0), reported(0, 1)}, {});
    const std::vector<StudyInfo> infos = fresh.store->list();
    if (!checks.expect(infos.size() == 1, "one study")) return;
    checks.expect(infos[0].events == 2, "two events, not " + std::to_string(infos[0].events));
    checks.expect(infos[0].key == fresh.study && infos[0].name == "study", "key and name");
  });
  checks.check("what is removed is gone, and its key means nothing", [&] {
    const FreshStore fresh(kit);
    const StudyKey other = fresh.store->open_study("other", "{}").key;
    fresh.store->append(other, std::vector{suggested(0)}, {});
    fresh.store->append(fresh.study, std::vector{suggested(0)}, {});
    fresh.store->remove(other);
    checks.expect(fresh.store->list().size() == 1, "list() still has it");
    const std::map<std::string, std::function<void()>> calls = {
        {"events_since", [&] { fresh.store->events_since(other, 0, 1); }},
        {"append", [&] { fresh.store->append(other, std::vector{suggested(0)}, {}); }},
        {"lease", [&] { fresh.store->lease(other, "me", Seconds(1)); }},
        {"wait", [&] { fresh.store->wait(other, 0, Seconds(0)); }},
        {"remove", [&] { fresh.store->remove(other); }},
    };
    for (const auto& [name, call] : calls) {
      checks.expect(error_of(call) == ErrorCode::invalid_argument,
                    name + " of a key that names no study is Error{invalid_argument}");
    }
    const OpenedStudy again = fresh.store->open_study("other", "{}");
    checks.expect(again.created && again.key != other, "its name makes a new study");
    checks.expect(fresh.store->events_since(again.key, 0, 10).empty(), "the new one is empty");
    checks.expect(fresh.log().size() == 1, "other studies keep their events");
  });
}

}  // namespace tunesmith::testing
