#include "job/warm_start.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "job/execution.hpp"

namespace tunesmith {
namespace {

constexpr std::size_t most_parents = 5;
constexpr std::string_view sqlite = "sqlite:";
constexpr const char* words = R"(the name of a study, or {"study": …, "store": "sqlite:<file>"})";

const StudyInfo* find(const std::vector<StudyInfo>& studies, const std::string& name) {
  const auto found = std::find_if(studies.begin(), studies.end(),
                                  [&](const StudyInfo& one) { return one.name == name; });
  return found == studies.end() ? nullptr : &*found;
}

/// Opening a file that is not there would make it.
bool exists(const std::string& url) {
  return !url.starts_with(sqlite) || std::filesystem::exists(url.substr(sqlite.size()));
}

std::string in_folder(const std::string& base_folder, const std::string& url) {
  if (!url.starts_with(sqlite)) return url;
  return std::string(sqlite) + below(base_folder, url.substr(sqlite.size()));
}

/// Nothing: it is not there.
std::optional<StudyView> read(const EarlierStudy& parent, Store& own) {
  if (parent.store.empty()) {
    if (find(own.list(), parent.study) != nullptr) return read_study(own, parent.study);
  }
  const std::string& url = parent.store.empty() ? parent.usual_store : parent.store;
  if (url.empty() || !exists(url)) return std::nullopt;
  const std::shared_ptr<Store> other = open_store(url);
  if (find(other->list(), parent.study) == nullptr) return std::nullopt;
  return read_study(*other, parent.study);
}

/// The metric of the first objective that an earlier study lacks. Only ones have no need of a name.
std::optional<std::string> missing_objective(const Problem& problem, const Problem& earlier) {
  if (problem.objectives.size() == 1 && earlier.objectives.size() == 1) return {};
  for (const Objective& wanted : problem.objectives) {
    if (std::none_of(earlier.objectives.begin(), earlier.objectives.end(),
                     [&](const Objective& one) { return one.metric == wanted.metric; }))
      return wanted.metric;
  }
  return {};
}

}  // namespace

EarlierStudy study_by_name(const std::string& name, const std::string& base_folder,
                           std::string path) {
  return {.study = name,
          .usual_store = in_folder(base_folder, std::string(sqlite) + name + ".tunesmith/study.db"),
          .path = std::move(path)};
}

void read_warm_start(ObjectReader& reader, const std::string& base_folder, Job& job,
                     std::vector<Mistake>& mistakes) {
  const Json* list = reader.array("warm_start");
  if (list == nullptr) return;
  if (list->size() > most_parents) {
    reader.mistake("warm_start", "has " + std::to_string(list->size()) + " entries", "at most 5");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Json& entry = (*list)[i];
    const std::string path = reader.path("warm_start") + pointer_step(i);
    if (entry.is_string()) {
      const auto name = entry.get<std::string>();
      if (name.empty()) mistakes.push_back({path, "is empty", words});
      job.warm_start.push_back(study_by_name(name, base_folder, path));
    } else if (entry.is_object()) {
      ObjectReader fields(entry, path, mistakes);
      EarlierStudy parent{.path = path};
      if (fields.require("study", "the name of a study") != nullptr) {
        parent.study = fields.text("study").value_or("");
      }
      if (fields.require("store", "\"sqlite:<file>\"") != nullptr) {
        parent.store = in_folder(base_folder, fields.text("store").value_or(""));
      }
      fields.finish();
      job.warm_start.push_back(std::move(parent));
    } else {
      mistakes.push_back({path, "is " + json_kind(entry), words});
    }
  }
}

std::vector<StudyView> earlier_studies(const Job& job, Store& own) {
  std::vector<StudyView> views;
  if (job.warm_start.empty()) return views;
  const std::vector<StudyInfo> present = own.list();
  if (const StudyInfo* known = find(present, job.name); known != nullptr && known->events > 0) {
    return views;
  }
  std::vector<Mistake> mistakes;
  for (const EarlierStudy& parent : job.warm_start) {
    std::optional<StudyView> view = read(parent, own);
    if (view) {
      if (const auto metric = missing_objective(job.problem, view->problem())) {
        mistakes.push_back({parent.path,
                            "study \"" + parent.study + "\" has no objective \"" + *metric + "\"",
                            "a study with this job's objectives"});
      }
      views.push_back(std::move(*view));
    } else {
      mistakes.push_back({parent.path,
                          "there is no study \"" + parent.study + "\"" +
                              (parent.store.empty() ? "" : " in " + parent.store),
                          "a study of this store or one in <name>.tunesmith beside the job file"});
    }
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_job, std::move(mistakes));
  return views;
}

}  // namespace tunesmith
