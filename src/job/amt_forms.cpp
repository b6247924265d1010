#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "job/amt_fields.hpp"

namespace tunesmith::amt {
namespace {

bool alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool digit(char c) { return c >= '0' && c <= '9'; }

bool only(std::string_view text, std::string_view punctuation) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return alnum(c) || punctuation.find(c) != std::string_view::npos;
  });
}

/// [a-zA-Z0-9](-*[a-zA-Z0-9])*
bool hyphenated(std::string_view text) {
  return !text.empty() && only(text, "-") && alnum(text.front()) && alnum(text.back());
}

/// Takes `prefix` off; false where it is not there.
bool take(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes everything up to `end` off, and `end` itself.
bool take_until(std::string_view& text, char end, std::string_view& taken) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return false;
  taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return true;
}

bool account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), digit);
}

/// arn:aws…:sagemaker:<region>:<account>:<rest>
bool take_sagemaker_arn(std::string_view& text) {
  std::string_view part;
  if (!take(text, "arn:aws") || !take_until(text, ':', part) || !only(part, "-")) return false;
  if (!take(text, "sagemaker:") || !take_until(text, ':', part) || !only(part, "-")) return false;
  return take_until(text, ':', part) && account(part);
}

bool role(std::string_view text) {
  std::string_view part;
  if (!take(text, "arn:aws") || !take_until(text, ':', part) || !only(part, "-")) return false;
  if (!take(text, "iam::") || !take_until(text, ':', part) || !account(part)) return false;
  if (!take(text, "role")) return false;
  take(text, "/");
  return !text.empty() && only(text, "_+=,.@-/");
}

bool s3(std::string_view text) {
  return (take(text, "https://") || take(text, "s3://")) && !text.empty() && text.front() != '/';
}

bool instance(std::string_view text) {
  std::string_view family;
  return take(text, "ml.") && take_until(text, '.', family) && !family.empty() && !text.empty() &&
         only(family, "-") && only(text, "-");
}

bool algorithm(std::string_view text) {
  std::string_view kind;
  if (text.substr(0, 4) == "arn:" && (!take_sagemaker_arn(text) || !take_until(text, '/', kind))) {
    return false;
  }
  return hyphenated(text) && text.size() <= 63;
}

bool file_system(std::string_view text) {
  return take(text, "fs-") && text.size() >= 8 && std::all_of(text.begin(), text.end(), [](char c) {
           return digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool dataset(std::string_view text) {
  return take(text, "arn:") && text.find(":sagemaker:") != std::string_view::npos &&
         text.find(":hub-content/") != std::string_view::npos &&
         text.find("/DataSet/") != std::string_view::npos;
}

bool tag(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return alnum(c) || static_cast<unsigned char>(c) >= 0x80U ||
           std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
  });
}

struct Form {
  std::string_view name;
  bool (*matches)(std::string_view);
  std::string_view words;
};

constexpr Form forms[] = {
    {"line", [](std::string_view t) { return t.find('\n') == t.npos; }, "text without line breaks"},
    {"hyphenated", hyphenated,
     "letters, digits and inner hyphens, beginning and ending with a letter or digit"},
    {"identifier",
     [](std::string_view t) { return !t.empty() && !digit(t.front()) && only(t, "_"); },
     "letters, digits and underscores, not beginning with a digit"},
    {"channel", [](std::string_view t) { return only(t, "._-"); },
     "letters, digits, dots, hyphens and underscores"},
    {"network", [](std::string_view t) { return !t.empty() && only(t, "-"); },
     "letters, digits and hyphens"},
    {"key", [](std::string_view t) { return only(t, ":/_-"); }, "a KMS key id, alias or ARN"},
    {"tag", tag, "letters, digits, spaces and _.:/=+-@"},
    {"role", role, "an IAM role's ARN, \"arn:aws:iam::<12 digits>:role/<name>\""},
    {"s3", s3, "\"s3://<bucket>/<prefix>\" or \"https://…\""},
    {"instance", instance, "an instance type such as \"ml.m5.xlarge\""},
    {"algorithm", algorithm, "an algorithm's name or ARN"},
    {"file_system", file_system, "\"fs-\" and at least 8 hexadecimal digits"},
    {"dataset", dataset, "the ARN of a hub's data set"},
    {"plan", [](std::string_view t) { return take_sagemaker_arn(t) && take(t, "training-plan/"); },
     "a training plan's ARN"},
};

const Form* find_form(std::string_view name) {
  const auto* it = std::find_if(std::begin(forms), std::end(forms),
                                [&](const Form& f) { return f.name == name; });
  return it == std::end(forms) ? nullptr : it;
}

}  // namespace

bool matches_form(const std::string& form, const std::string& text) {
  const Form* found = find_form(form);
  return found != nullptr && found->matches(text);
}

std::string describe_form(const std::string& form) {
  const Form* found = find_form(form);
  return found != nullptr ? std::string(found->words) : form;
}

}  // namespace tunesmith::amt
