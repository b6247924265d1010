#include "trial/event_json.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "core/json.hpp"
#include "trial/budget_json.hpp"
#include "trial/configuration_json.hpp"
#include "trial/suggestion_parser.hpp"

namespace tunesmith {
namespace {

constexpr std::array origins = {Origin::strategy, Origin::enqueued, Origin::baseline};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::store_corrupt, "an event of the log cannot be read: " + what);
}

Json parse(std::string_view payload) {
  std::vector<Mistake> mistakes;
  Json json = parse_json(payload, mistakes);
  if (!mistakes.empty()) fail(to_string(mistakes.front()));
  return json;
}

/// Calls `read` with the reader of the payload's object; whatever is wrong with it is an error.
template <class Read>
void read_object(std::string_view payload, const Read& read) {
  const Json json = parse(payload);
  std::vector<Mistake> mistakes;
  ObjectReader reader(json, "", mistakes);
  read(reader, mistakes);
  reader.finish();
  if (!mistakes.empty()) fail(to_string(mistakes.front()));
}

void read_configuration(ObjectReader& reader, Configuration& configuration,
                        std::vector<Mistake>& mistakes) {
  if (const Json* json = reader.require("configuration", "an object")) {
    configuration = read_configuration(*json, reader.path("configuration"), mistakes);
  }
}

/// Of several objectives.
std::vector<double> read_values(ObjectReader& reader) {
  std::vector<double> values;
  const Json* json = reader.array("values");
  if (json == nullptr) return values;
  for (const Json& value : *json) {
    values.push_back(value.is_number() ? value.get<double>() : 0);
    if (!value.is_number()) reader.mistake("values", json_kind(value), "numbers");
  }
  return values;
}

}  // namespace

SuggestionRecord read_suggestion(std::string_view payload) {
  SuggestionRecord record;
  if (parse_suggestion(payload, record)) return record;
  record = {};
  read_object(payload, [&](ObjectReader& reader, std::vector<Mistake>& mistakes) {
    read_configuration(reader, record.configuration, mistakes);
    record.until = reader.number("until").value_or(run_to_end);
    record.resumable = reader.boolean("resumable").value_or(false);
    record.replicate_of = reader.integer("replicate_of", 0);
    record.origin =
        origins.at(reader.choice("origin", {"strategy", "enqueued", "baseline"}).value_or(0));
    record.note = reader.text("note").value_or("");
    record.state = reader.text("state").value_or("");
    if (const Json* json = reader.object("outlook")) {
      ObjectReader outlook(*json, reader.path("outlook"), mistakes);
      record.outlook = {.expected_gain = outlook.number("expected_gain").value_or(0),
                        .regret_bound = outlook.number("regret_bound").value_or(0),
                        .noise = outlook.number("noise").value_or(0)};
      outlook.finish();
    }
    record.prefix = reader.integer("prefix", 0).value_or(0);
    record.strategy = reader.text("strategy").value_or("");
    record.instruction_set = reader.text("instruction_set").value_or("");
  });
  return record;
}

std::string resumption_payload(const ResumptionRecord& record) {
  Json json = Json::object();
  if (std::isfinite(record.until)) json["until"] = record.until;
  if (record.resumable) json["resumable"] = true;
  if (!record.note.empty()) json["note"] = record.note;
  if (!record.state.empty()) json["state"] = record.state;
  json["prefix"] = record.prefix;
  json["strategy"] = record.strategy;
  json["instruction_set"] = record.instruction_set;
  return json_text(json);
}

ResumptionRecord read_resumption(std::string_view payload) {
  ResumptionRecord record;
  read_object(payload, [&](ObjectReader& reader, std::vector<Mistake>&) {
    record.until = reader.number("until").value_or(run_to_end);
    record.resumable = reader.boolean("resumable").value_or(false);
    record.note = reader.text("note").value_or("");
    record.state = reader.text("state").value_or("");
    record.prefix = reader.integer("prefix", 0).value_or(0);
    record.strategy = reader.text("strategy").value_or("");
    record.instruction_set = reader.text("instruction_set").value_or("");
  });
  return record;
}

std::string queued_payload(const QueuedConfiguration& queued) {
  Json json = {{"configuration", write_configuration(queued.configuration)}};
  if (!queued.note.empty()) json["note"] = queued.note;
  if (queued.replicate_of) json["replicate_of"] = *queued.replicate_of;
  return json_text(json);
}

QueuedConfiguration read_queued(std::string_view payload) {
  QueuedConfiguration queued;
  read_object(payload, [&](ObjectReader& reader, std::vector<Mistake>& mistakes) {
    read_configuration(reader, queued.configuration, mistakes);
    queued.note = reader.text("note").value_or("");
    queued.replicate_of = reader.integer("replicate_of", 0);
  });
  return queued;
}

std::string budget_payload(const Budget& budget) { return json_text(write_budget(budget)); }

Budget read_budget_payload(std::string_view payload) {
  Budget budget;
  read_object(payload,
              [&](ObjectReader& reader, std::vector<Mistake>&) { read_budget(reader, budget); });
  return budget;
}

std::string session_payload(std::string_view who) { return json_text({{"who", std::string(who)}}); }

std::string parent_payload(const ParentStudy& parent) {
  Json evaluations = Json::array();
  for (const ParentEvaluation& one : parent.evaluations) {
    Json& written =
        evaluations.emplace_back(Json{{"configuration", write_configuration(one.configuration)}});
    if (one.values.size() == 1)
      written["value"] = one.values.front();
    else
      written["values"] = one.values;
  }
  return json_text({{"evaluations", std::move(evaluations)}});
}

ParentStudy read_parent(std::string_view payload) {
  ParentStudy parent;
  read_object(payload, [&](ObjectReader& reader, std::vector<Mistake>& mistakes) {
    if (reader.require("evaluations", "an array") == nullptr) return;
    const Json* evaluations = reader.array("evaluations");
    if (evaluations == nullptr) return;
    parent.evaluations.reserve(evaluations->size());
    for (std::size_t i = 0; i < evaluations->size(); ++i) {
      ObjectReader one((*evaluations)[i], reader.path("evaluations") + pointer_step(i), mistakes);
      ParentEvaluation& read = parent.evaluations.emplace_back();
      read_configuration(one, read.configuration, mistakes);
      if (one.has("values"))
        read.values = read_values(one);
      else if (one.require("value", "a number") != nullptr)
        read.values = {one.number("value").value_or(0)};
      one.finish();
    }
  });
  return parent;
}

}  // namespace tunesmith
