#include "space/expression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tunesmith {
namespace {

constexpr double undefined_number = std::numeric_limits<double>::quiet_NaN();

enum class Truth { no, yes, undefined };

Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

/// The value of one node while an expression is evaluated.
struct Cell {
  enum class Kind { number, text, truth } kind = Kind::truth;
  double number = undefined_number;
  std::string_view text = {};
  Truth truth = Truth::undefined;
};

Cell number_cell(double value) { return {.kind = Cell::Kind::number, .number = value}; }
Cell truth_cell(Truth value) { return {.kind = Cell::Kind::truth, .truth = value}; }
Cell text_cell(std::string_view value) { return {.kind = Cell::Kind::text, .text = value}; }

Cell value_cell(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return number_cell(*real);
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return number_cell(static_cast<double>(*whole));
  if (const auto* flag = std::get_if<bool>(&value)) return truth_cell(truth(*flag));
  return text_cell(std::get<std::string>(value));
}

Truth equal(const Cell& a, const Cell& b) {
  if (a.kind != b.kind)
    return Truth::no;  // a choice of mixed types; the rest is refused by check()
  switch (a.kind) {
    case Cell::Kind::number:
      if (std::isnan(a.number) || std::isnan(b.number)) return Truth::undefined;
      return truth(a.number == b.number);
    case Cell::Kind::text:
      return truth(a.text == b.text);
    default:
      if (a.truth == Truth::undefined || b.truth == Truth::undefined) return Truth::undefined;
      return truth(a.truth == b.truth);
  }
}

Truth negation(Truth a) {
  if (a == Truth::undefined) return a;
  return a == Truth::yes ? Truth::no : Truth::yes;
}

Truth conjunction(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::undefined;
}

/// Python's %: the result has the sign of the divisor.
double modulo(double a, double b) {
  const double rest = std::fmod(a, b);  // NaN for b = 0
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double arithmetic(Operation operation, double a, double b) {
  switch (operation) {
    case Operation::negate:
      return -a;
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return b == 0 ? undefined_number : a / b;
    case Operation::modulo:
      return modulo(a, b);
    case Operation::power:
      return a == 0 && b < 0 ? undefined_number : std::pow(a, b);
    case Operation::absolute:
      return std::fabs(a);
    case Operation::minimum:
      return std::isnan(a) || std::isnan(b) ? undefined_number : std::min(a, b);
    case Operation::maximum:
      return std::isnan(a) || std::isnan(b) ? undefined_number : std::max(a, b);
    case Operation::logarithm:
      return a > 0 ? std::log(a) : undefined_number;
    case Operation::exponential:
      return std::exp(a);
    case Operation::square_root:
      return std::sqrt(a);
    case Operation::floor:
      return std::floor(a);
    case Operation::ceiling:
      return std::ceil(a);
    default:
      return undefined_number;
  }
}

Truth comparison(Operation operation, double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return Truth::undefined;
  switch (operation) {
    case Operation::less:
      return truth(a < b);
    case Operation::less_equal:
      return truth(a <= b);
    case Operation::greater:
      return truth(a > b);
    default:
      return truth(a >= b);
  }
}

Cell combine(Operation operation, const Cell& a, const Cell& b) {
  switch (operation) {
    case Operation::equal:
      return truth_cell(equal(a, b));
    case Operation::not_equal:
      return truth_cell(negation(equal(a, b)));
    case Operation::logical_not:
      return truth_cell(negation(a.truth));
    case Operation::logical_and:
      return truth_cell(conjunction(a.truth, b.truth));
    case Operation::logical_or:
      return truth_cell(negation(conjunction(negation(a.truth), negation(b.truth))));
    case Operation::less:
    case Operation::less_equal:
    case Operation::greater:
    case Operation::greater_equal:
      return truth_cell(comparison(operation, a.number, b.number));
    default:
      return number_cell(arithmetic(operation, a.number, b.number));
  }
}

}  // namespace

Expression::Expression(std::string text)
    : text_(std::move(text)), syntax_(parse_expression(text_, nodes_)) {}

bool Expression::holds(const Configuration& configuration) const {
  if (syntax_) return true;
  std::vector<Cell> cells;
  cells.reserve(nodes_.size());
  for (const ExpressionNode& node : nodes_) {
    switch (node.operation) {
      case Operation::number:
        cells.push_back(number_cell(node.number));
        break;
      case Operation::text:
        cells.push_back(text_cell(node.text));
        break;
      case Operation::flag:
        cells.push_back(truth_cell(truth(node.flag)));
        break;
      case Operation::parameter: {
        const Value* value = configuration.find(node.text);
        if (value == nullptr) return true;
        cells.push_back(value_cell(*value));
        break;
      }
      default:
        cells.push_back(combine(node.operation, cells[node.left], cells[node.right]));
    }
  }
  return cells.back().truth == Truth::yes;
}

}  // namespace tunesmith
