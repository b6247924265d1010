#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith::amt {

/// A part of a request after its structure was checked: a field that was mistaken reads as nothing,
/// so that no rule speaks of it twice.
class Part {
 public:
  Part(const Json& json, std::string path, const std::vector<Mistake>& mistakes)
      : json_(&json), path_(std::move(path)), mistakes_(&mistakes) {}

  const std::string& path() const { return path_; }
  const Json& json() const { return *json_; }
  std::string path(std::string_view key) const { return path_ + pointer_step(key); }

  /// Whether the field stands there, right or wrong.
  bool has(std::string_view key) const;
  /// The member, or nothing where it is absent or itself mistaken (mistakes below it do not count).
  std::optional<Part> part(std::string_view key) const;
  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  bool flag(std::string_view key) const;
  /// The objects of a list that are not themselves mistaken; empty where there is no list.
  std::vector<Part> items(std::string_view key) const;
  /// The texts of a list or the values of a map, with their paths; mistaken ones are left out.
  struct Text {
    std::string key;
    std::string value;
    std::string path;
  };
  std::vector<Text> texts(std::string_view key) const;

 private:
  bool mistaken(const std::string& path) const;

  const Json* json_;
  std::string path_;
  const std::vector<Mistake>* mistakes_;
};

/// One range of a request.
struct Range {
  enum class Kind { integer, continuous, categorical };
  Kind kind = Kind::continuous;
  std::string name = {};
  /// Of the item in the request.
  std::string path = {};
  double min = 0;
  double max = 0;
  std::int64_t int_min = 0;
  std::int64_t int_max = 0;
  Scale scale = Scale::automatic;
  std::vector<std::string> values = {};
  /// No mistake was found in it.
  bool usable = true;

  /// Distinct values; none for a continuous range of more than one value.
  std::optional<std::uint64_t> cardinality() const;
};

/// Reads the three lists of a ParameterRanges structure and notes what is wrong with them: numbers
/// that are none, empty ranges, ends that a scale cannot take, doubled values and names.
std::vector<Range> read_ranges(const Part& ranges, bool strict, std::vector<Mistake>& mistakes);

/// The number of distinct configurations, where it is finite and fits.
std::optional<std::uint64_t> combinations(const std::vector<Range>& ranges);

/// The largest resource of Hyperband where a request gives none: the number of epochs among the
/// definition's static hyperparameters (see infer_epochs).
std::optional<std::int64_t> inferred_epochs(const Part& definition);

/// The rules between fields. `request` has passed check_structure as far as `mistakes` says.
void check_rules(const Json& request, bool strict, std::vector<Mistake>& mistakes);

}  // namespace tunesmith::amt
