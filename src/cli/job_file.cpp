#include "cli/job_file.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tunesmith::cli {
namespace fs = std::filesystem;
namespace {

const std::string sqlite = "sqlite:";

/// The file of a SQLite URL, without its options.
std::optional<std::string> file_of(const std::string& url) {
  if (url.rfind(sqlite, 0) != 0) return std::nullopt;
  return url.substr(sqlite.size(), url.find('?') - sqlite.size());
}

}  // namespace

Place place_of(const std::string& job_folder, const std::string& name,
               const std::string& store_url) {
  const fs::path own = fs::path(job_folder) / (name + ".tunesmith");
  Place place{.store_url = store_url};
  const auto file = file_of(store_url);
  if (store_url.empty()) {
    place.store_url = sqlite + (own / "study.db").string();
    place.trials = (own / "trials").string();
    place.record = (own / "job.json").string();
  } else if (file) {
    const fs::path beside = fs::absolute(*file).parent_path() / (name + ".trials");
    place.trials = beside.string();
    place.record = (beside / "job.json").string();
  } else {
    place.trials = (own / "trials").string();
  }
  return place;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || fs::is_directory(path) || !(text << file.rdbuf())) {
    throw Error(ErrorCode::invalid_argument, "cannot read " + path);
  }
  return text.str();
}

std::string folder_of(const std::string& path) {
  return fs::absolute(path).lexically_normal().parent_path().string();
}

std::shared_ptr<Store> open_existing(const std::string& url) {
  const auto file = file_of(url);
  if (file && !fs::exists(*file)) {
    throw Error(ErrorCode::store_unavailable,
                "there is no study yet: " + *file + " does not exist");
  }
  return open_store(url);
}

Target find_target(const std::string& job_path, const std::string& store_url,
                   const std::string& study) {
  Target target{.name = study, .store_url = store_url};
  if (!job_path.empty()) {
    const std::string folder = folder_of(job_path);
    target.job = load_job(read_text(job_path), {.base_folder = folder});
    if (study.empty()) target.name = target.job->name;
    target.place = place_of(folder, target.name, store_url);
    target.store_url = target.place.store_url;
    target.job->executor.folder = target.place.trials;
    return target;
  }
  if (store_url.empty()) {
    throw Error(ErrorCode::invalid_argument, "give a job file, or --store and --study");
  }
  target.place = place_of(".", target.name, store_url);
  if (target.name.empty()) {
    const std::vector<StudyInfo> studies = open_existing(store_url)->list();
    if (studies.size() != 1) {
      std::string names;
      for (const StudyInfo& info : studies) names += "\n  " + info.name;
      throw Error(ErrorCode::invalid_argument,
                  studies.empty() ? "there is no study in " + store_url
                                  : "name one of the studies with --study:" + names);
    }
    target.name = studies.front().name;
    target.place = place_of(".", target.name, store_url);
  }
  return target;
}

}  // namespace tunesmith::cli
