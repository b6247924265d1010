#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tunesmith/job.hpp"

namespace tunesmith::cli {

/// Where a job keeps its study and its trials.
struct Place {
  std::string store_url = {};
  /// Folder of the trials' folders.
  std::string trials = {};
  /// Copy of the job as it was last run; empty where there is no folder for it.
  std::string record = {};
};

/// By default `<job's folder>/<name>.tunesmith/` holds study.db and trials/. With a SQLite store of
/// the user's the trials lie beside its file, in `<name>.trials/`.
Place place_of(const std::string& job_folder, const std::string& name,
               const std::string& store_url);

/// The whole file. Throws Error{invalid_argument}.
std::string read_text(const std::string& path);
/// Folder of a file, absolute.
std::string folder_of(const std::string& path);

/// Opens a store for reading: never makes a new file. Throws Error{store_unavailable} where there
/// is none.
std::shared_ptr<Store> open_existing(const std::string& url);

/// A study that a command reads, named by a job file or by store and name.
struct Target {
  std::string name = {};
  std::string store_url = {};
  /// Set where a job file was given.
  std::optional<Job> job = {};
  Place place = {};
};

/// Throws Error{invalid_job}, {invalid_argument}.
Target find_target(const std::string& job_path, const std::string& store_url,
                   const std::string& study);

}  // namespace tunesmith::cli
