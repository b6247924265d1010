#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/configuration.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// Caps for constraints, which come from outside: bytes, and how deep brackets and signs may nest.
inline constexpr std::size_t max_expression_bytes = 4096;
inline constexpr int max_expression_depth = 64;

/// What an expression is made of. Operands of a node stand before it.
enum class Operation {
  number,
  text,
  flag,
  parameter,
  negate,
  logical_not,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  power,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  logical_and,
  logical_or,
  absolute,
  minimum,
  maximum,
  logarithm,
  exponential,
  square_root,
  floor,
  ceiling,
};

struct ExpressionNode {
  Operation operation = Operation::number;
  /// Byte of the text where its token starts.
  std::size_t offset = 0;
  /// The token as written ("<=", "log"); for texts and parameters what it names, without quotes.
  std::string text = {};
  double number = 0;
  bool flag = false;
  /// Positions of the operands; unary operations use `left`.
  std::size_t left = 0;
  std::size_t right = 0;
};

/// One thing wrong with an expression. `what` begins with the column, counted in characters from 1.
struct ExpressionProblem {
  std::string what = {};
  std::string allowed = {};
};

/// A constraint in plain words (the language is described at Space::add_constraint), parsed once.
/// Immutable.
class Expression {
 public:
  explicit Expression(std::string text);

  /// Everything wrong with it for these parameters: its syntax, else unknown names, mixed-up types
  /// and choices that a parameter does not have. Of the parameters in `doubtful` only the name is
  /// relied on.
  std::vector<ExpressionProblem> check(const Space& space,
                                       const std::set<std::string, std::less<>>& doubtful) const;

  /// Whether it is true. Also true where one of its parameters is absent, or its syntax is wrong;
  /// false where it comes down to undefined arithmetic. Logic is Kleene's, so that "x == 0 or 1 / x
  /// < 2" is true at x = 0. O(size).
  bool holds(const Configuration& configuration) const;

 private:
  std::string text_;
  std::vector<ExpressionNode> nodes_;  // the last one is the whole
  std::optional<ExpressionProblem> syntax_;
};

/// Fills `nodes`; the answer is the syntax mistake, if there is one.
std::optional<ExpressionProblem> parse_expression(std::string_view text,
                                                  std::vector<ExpressionNode>& nodes);

/// "at column 7: ".
std::string at_column(std::string_view text, std::size_t offset);

/// The first byte after the name that starts at `offset`: letters, digits, '_', '.' and everything
/// beyond ASCII.
std::size_t end_of_name(std::string_view text, std::size_t offset);

}  // namespace tunesmith
