#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/error.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/self_check.hpp"
#include "tunesmith/study.hpp"
#include "tunesmith/subprocess_executor.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith {

/// A plug-in named in a job, with its options as a JSON object.
struct PluginChoice {
  std::string name = {};
  std::string options = "{}";
  bool operator==(const PluginChoice&) const = default;
};

/// An earlier study that a job starts from, see StudyOptions::parents.
struct EarlierStudy {
  std::string study = {};
  /// Empty: the job's own store, else `usual_store`.
  std::string store = {};
  /// Where `tunesmith run` keeps a job of that name beside the job file.
  std::string usual_store = {};
  /// Where it stands in the job, as a JSON pointer.
  std::string path = {};
};

/// Who is told of what stopping rules notice; at most one of the two, none: only the log.
struct NoticeReceiver {
  /// Program and arguments, run for each notice without a shell; the notice is a JSON object
  /// ("study", "trial", "rule", "message", "time") on its stdin, and stands in the environment as
  /// TUNESMITH_STUDY, _TRIAL (empty: the whole study), _RULE and _MESSAGE. Killed after 30 s.
  std::vector<std::string> command = {};
  /// http:// or https://; the JSON object is posted there by curl, which has to be installed.
  std::string webhook = {};
};

/// A tuning job read from JSON: a problem, how to search it, how to run a trial, when to end.
/// Written in tunesmith's own schema (docs/job.md, job_schema()) or as Amazon SageMaker's
/// CreateHyperParameterTuningJob request, which is told by its "HyperParameterTuningJobName" key.
struct Job {
  std::string name = {};
  Problem problem = {};
  /// One of search_strategies().
  PluginChoice strategy = {.name = "auto"};
  /// Of stopping_rules().
  std::vector<PluginChoice> stopping_rules = {};
  /// Watches over those stopping rules that forecast (is_forecast); none: they stop what they call
  /// for. A SageMaker request has one only where its block of our own names it or rules.
  std::optional<SelfCheckOptions> self_check = {};
  NoticeReceiver on_notice = {};
  /// One of executors(): where trials run.
  PluginChoice executor_choice = {.name = "subprocess"};
  /// Trials' processes; `folder` and `base_folder` are filled in from the caller's, see load_job.
  SubprocessOptions executor = {};
  Budget budget = {};
  int max_parallel = 1;
  int keep_best = 0;
  /// At most 5. Read when the study begins; later they may be gone.
  std::vector<EarlierStudy> warm_start = {};
  /// Fields that are valid but that this version cannot run yet; open_job refuses the job with
  /// them.
  std::vector<Mistake> unsupported = {};
};

struct JobOptions {
  /// Where the job file lies: relative paths in it start here.
  std::string base_folder = {};
  /// Also apply the limits of SageMaker's service (numbers of parameters and values, lengths,
  /// quotas) to a request.
  bool strict_amt = false;
  /// In place of the job's command; the only one that a SageMaker request has, unless its static
  /// hyperparameter "sagemaker_program" names a Python script.
  std::vector<std::string> command = {};
  /// Data folders by channel name, over the job's: where a request says "s3://…", the local copy.
  std::map<std::string, std::string> channels = {};
};

/// Every mistake of a job text, with JSON pointers; empty: usable. Reads the text only: no file is
/// opened, nothing is run.
TUNESMITH_API std::vector<Mistake> validate_job(std::string_view json,
                                                const JobOptions& options = {});

/// Throws Error{invalid_job} with every mistake.
TUNESMITH_API Job load_job(std::string_view json, const JobOptions& options = {});

/// The JSON Schema (draft 2020-12) of tunesmith's own job files.
TUNESMITH_API std::string job_schema();

/// A study and the tuner that drives it, ready to run.
struct OpenedJob {
  std::unique_ptr<Study> study;
  std::unique_ptr<Tuner> tuner;
};

/// Opens (or continues) the job's study in the store and puts an executor and a tuner to it.
/// `callbacks` gives on_progress, progress_interval, on_notice and log; the job gives the rest.
/// Notices also go to the job's receiver, from a thread of the tuner's own. Throws
/// Error{invalid_job} for a job without a command, with unsupported fields or with earlier studies
/// that are not there, {study_mismatch} with a path per difference when the stored study was made
/// by a different job.
TUNESMITH_API OpenedJob open_job(const Job& job, std::shared_ptr<Store> store,
                                 TunerOptions callbacks = {});

}  // namespace tunesmith
