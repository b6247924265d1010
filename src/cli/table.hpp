#pragma once

#include <string>

#include "tunesmith/trial.hpp"

namespace tunesmith::cli {

/// All trials in order, for people: a column per metric and searched parameter.
std::string trials_table(const StudyView& view);

/// As RFC 4180: numbers exact, columns "metrics.<name>" and "parameters.<name>", fixed ones
/// included.
std::string trials_csv(const StudyView& view);

/// An array of objects with everything that is known of a trial, reports included. NaN and
/// infinities are the strings "nan", "inf", "-inf".
std::string trials_json(const StudyView& view);

}  // namespace tunesmith::cli
