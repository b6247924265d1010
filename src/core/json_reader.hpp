#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace tunesmith {

/// Reads one JSON object field by field and notes every mistake with its path, so that a text with
/// k mistakes gives exactly k. A field that is absent or mistaken reads as "nothing": callers skip
/// what depends on it (no cascades). `finish()` reports the keys that nobody asked for.
class ObjectReader {
 public:
  /// `json` and `mistakes` must outlive the reader. If `json` is no object, that is noted and every
  /// read is empty.
  ObjectReader(const Json& json, std::string path, std::vector<Mistake>& mistakes);

  bool is_object() const { return object_; }
  /// Whether the key is written, with whatever value.
  bool has(std::string_view key) const;
  /// Path of a field: path() + "/key".
  std::string path(std::string_view key) const { return path_ + pointer_step(key); }
  const std::string& path() const { return path_; }

  /// The raw value, or null where the key is absent; marks the key as known.
  const Json* find(std::string_view key);
  /// As find, but absence is a mistake; `allowed` says what should stand there.
  const Json* require(std::string_view key, std::string_view allowed);

  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  /// Finite; integers count as numbers.
  std::optional<double> number(std::string_view key);
  std::optional<double> number(std::string_view key, double min, double max);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t min = INT64_MIN,
                                      std::int64_t max = INT64_MAX);
  /// One of `names`; the answer is its position.
  std::optional<std::size_t> choice(std::string_view key,
                                    std::initializer_list<std::string_view> names);
  /// An array or object, or null (absent or mistaken).
  const Json* array(std::string_view key);
  const Json* object(std::string_view key);

  void mistake(std::string_view key, std::string what, std::string allowed = "");
  /// Notes unknown keys, with the known key that looks most alike. Call last.
  void finish();

 private:
  void wrong_type(std::string_view key, const Json& value, std::string_view wanted);

  const Json& json_;
  std::string path_;
  std::vector<Mistake>& mistakes_;
  std::vector<std::string> known_;
  bool object_;
};

/// "a string", "an integer", … for messages.
std::string json_kind(const Json& value);

/// Up to about 40 characters of the value as written, for messages.
std::string json_excerpt(const Json& value);

/// The candidate closest to `word` by edit distance, or "" when none is near enough to be a typing
/// slip.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tunesmith
