#include "core/json.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace tunesmith {
namespace {

/// Builds the document while watching what nlohmann lets pass: depth, duplicate keys, integers too
/// large.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, std::vector<Mistake>& mistakes)
      : text_(text), mistakes_(mistakes) {}

  Json take() { return broken_ ? Json(Json::value_t::discarded) : std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) return too_large(std::to_string(value));
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    if (text.find_first_of(".eE") == string_t::npos) return too_large(text);
    return add(value);
  }
  bool string(string_t& value) override { return add(value); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool key(string_t& key) override {
    keys_.back().second = key;
    if (!keys_.back().first.insert(key).second) {
      mistakes_.push_back({path() + pointer_step(key), "is given twice", "each key once"});
    }
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) {
      broken_ = true;  // nlohmann's parser cannot go on behind it
      mistakes_.push_back(
          {value_path(), "is " + token + ", which no double holds", "at most about 1.8e308"});
      return false;
    }
    const std::size_t end = std::min(position == 0 ? 0 : position - 1, text_.size());
    const auto line =
        1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    const std::size_t newline = text_.substr(0, end).rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? end + 1 : end - newline;
    std::string words = error.what();
    // nlohmann writes "[json.exception.parse_error.101] parse error at line 1, column 2: <what>".
    if (const std::size_t colon = words.find(": "); colon != std::string::npos)
      words = words.substr(colon + 2);
    return fail("is not JSON at line " + std::to_string(line) + ", column " +
                std::to_string(column) + ": " + words);
  }

 private:
  std::string path() const {
    std::string text;
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i) text += step(i);
    return text;
  }
  std::string step(std::size_t i) const {
    return stack_[i]->is_array() ? pointer_step(stack_[i]->size() - 1)
                                 : pointer_step(keys_[i].second);
  }
  /// Path of the value that comes next.
  std::string value_path() const {
    if (stack_.empty()) return "";
    return path() + (stack_.back()->is_array() ? pointer_step(stack_.back()->size())
                                               : pointer_step(keys_.back().second));
  }
  bool too_large(const std::string& digits) {
    mistakes_.push_back({value_path(), "is " + digits + ", which no 64-bit integer holds",
                         "-2^63 to 2^63-1, or write it with '.0'"});
    return add(Json(Json::value_t::discarded));
  }
  bool fail(std::string what) {
    broken_ = true;
    mistakes_.push_back({"", std::move(what), ""});
    return false;
  }
  template <class T>
  Json* place(T&& value) {
    if (stack_.empty()) {
      root_ = std::forward<T>(value);
      return &root_;
    }
    Json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::forward<T>(value));
      return &parent.back();
    }
    Json& slot = parent[keys_.back().second];
    slot = std::forward<T>(value);
    return &slot;
  }
  template <class T>
  bool add(T&& value) {
    place(std::forward<T>(value));
    return true;
  }
  bool open(Json empty) {
    if (static_cast<int>(stack_.size()) >= max_json_depth) {
      return fail("is nested deeper than " + std::to_string(max_json_depth) + " levels");
    }
    stack_.push_back(place(std::move(empty)));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    stack_.pop_back();
    keys_.pop_back();
    return true;
  }

  std::string_view text_;
  std::vector<Mistake>& mistakes_;
  Json root_;
  std::vector<Json*> stack_;  // stable: only the innermost container grows
  std::vector<std::pair<std::unordered_set<std::string>, std::string>> keys_;
  bool broken_ = false;
};

}  // namespace

Json parse_json(std::string_view text, std::vector<Mistake>& mistakes) {
  if (text.size() > max_json_bytes) {
    mistakes.push_back({"", "is larger than 16 MiB", ""});
    return Json(Json::value_t::discarded);
  }
  // nlohmann takes a NUL for the end, whatever follows.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    mistakes.push_back(
        {"", "is not JSON: there is a NUL at byte " + std::to_string(nul + 1), "text without NUL"});
    return Json(Json::value_t::discarded);
  }
  Builder builder(text, mistakes);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

Json parse_json_or_throw(std::string_view text, ErrorCode code) {
  std::vector<Mistake> mistakes;
  Json json = parse_json(text, mistakes);
  if (!mistakes.empty()) throw Error(code, std::move(mistakes));
  return json;
}

std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const std::size_t tail = lead < 0x80                   ? 0
                             : lead >= 0xC2 && lead < 0xE0 ? 1
                             : lead >= 0xE0 && lead < 0xF0 ? 2
                                                           : 3;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4) return false;
    for (std::size_t k = 1; k <= tail; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80U) return false;
    }
    const unsigned second = byte(i + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return false;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return false;
    i += tail + 1;
  }
  return true;
}

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::string pointer_step(std::size_t index) { return "/" + std::to_string(index); }

}  // namespace tunesmith
