#include <algorithm>
#include <utility>

#include "space/expression.hpp"
#include "space/validate.hpp"
#include "space/value.hpp"

namespace tunesmith {
namespace {

/// `mixed`: a choice between values of several types, which can only be compared for equality.
/// `unknown`: follows from an earlier mistake, and raises no further one.
enum class Type { unknown, number, text, flag, mixed };

const char* word(Type type) {
  constexpr const char* words[] = {"unknown", "a number", "a text", "true or false",
                                   "of mixed types"};
  return words[static_cast<std::size_t>(type)];
}

Type type_of(const Value& value) {
  if (std::holds_alternative<bool>(value)) return Type::flag;
  if (std::holds_alternative<std::string>(value)) return Type::text;
  return Type::number;
}

Type type_of(const Parameter& parameter) {
  if (parameter.type == ParameterType::floating || parameter.type == ParameterType::integer)
    return Type::number;
  if (parameter.choices.empty()) return Type::unknown;
  const Type first = type_of(parameter.choices.front());
  const bool same = std::all_of(parameter.choices.begin(), parameter.choices.end(),
                                [&](const Value& choice) { return type_of(choice) == first; });
  return same ? first : Type::mixed;
}

class Checker {
 public:
  Checker(std::string_view text, const std::vector<ExpressionNode>& nodes, const Space& space,
          const std::set<std::string, std::less<>>& doubtful)
      : text_(text), nodes_(nodes), space_(space), doubtful_(doubtful) {}

  std::vector<ExpressionProblem> run() {
    bool names_parameter = false;
    for (const ExpressionNode& node : nodes_) {
      names_parameter = names_parameter || node.operation == Operation::parameter;
      types_.push_back(check(node));
    }
    if (types_.back() != Type::flag && types_.back() != Type::unknown) {
      problems_.push_back({std::string("is ") + word(types_.back()) + ", not a condition",
                           "a comparison such as \"a * b <= 100\""});
    } else if (!names_parameter) {
      problems_.push_back({"names no parameter, so it always or never holds", ""});
    }
    return std::move(problems_);
  }

 private:
  void problem(const ExpressionNode& node, std::string what, std::string allowed = "") {
    problems_.push_back({at_column(text_, node.offset) + std::move(what), std::move(allowed)});
  }

  /// The parameter that a node names, if its choices can be relied on.
  const Parameter* choices_of(const ExpressionNode& node) const {
    if (node.operation != Operation::parameter || doubtful_.contains(node.text)) return nullptr;
    const Parameter* parameter = space_.find(node.text);
    return parameter == nullptr || parameter->choices.empty() ? nullptr : parameter;
  }

  Type parameter(const ExpressionNode& node) {
    if (doubtful_.contains(node.text)) return Type::unknown;
    if (const Parameter* known = space_.find(node.text)) return type_of(*known);
    if (node.offset < explained_until_ || !unknown_.insert(node.text).second) return Type::unknown;
    // "batch-size" reads as a difference; the first half gets the explanation for both.
    for (const Parameter& candidate : space_.parameters()) {
      const std::string& name = candidate.name;
      if (name.size() > node.text.size() && text_.substr(node.offset, name.size()) == name &&
          end_of_name(text_, node.offset + name.size()) == node.offset + name.size()) {
        problem(node, "the name '" + name + "' needs backquotes: `" + name + "`");
        explained_until_ = node.offset + name.size();
        return Type::unknown;
      }
    }
    const std::string guess = suggest_name(node.text, space_.parameters());
    std::string what = "no parameter is called '" + node.text + "'";
    if (!guess.empty()) what += "; " + guess;
    problem(node, std::move(what));
    return Type::unknown;
  }

  /// Both operands must be of the type; the first that is not is told.
  void want(const ExpressionNode& node, Type wanted, const char* words) {
    const std::size_t operands[] = {node.left, node.right};
    for (std::size_t i = 0; i < (node.left == node.right ? 1U : 2U); ++i) {
      const Type type = types_[operands[i]];
      if (type == wanted || type == Type::unknown) continue;
      problem(nodes_[operands[i]],
              "'" + node.text + "' needs " + words + ", but this is " + word(type));
      return;
    }
  }

  void equality(const ExpressionNode& node) {
    const Type left = types_[node.left];
    const Type right = types_[node.right];
    if (left == Type::unknown || right == Type::unknown) return;
    if (left != right && left != Type::mixed && right != Type::mixed) {
      problem(node, std::string("the left side is ") + word(left) + ", the right side " +
                        word(right) + ": never equal");
      return;
    }
    choice(nodes_[node.left], nodes_[node.right]);
    choice(nodes_[node.right], nodes_[node.left]);
  }

  /// `literal` must be one of the choices of the parameter that it is compared with.
  void choice(const ExpressionNode& named, const ExpressionNode& literal) {
    const Parameter* parameter = choices_of(named);
    if (parameter == nullptr) return;
    Value value;
    switch (literal.operation) {
      case Operation::number:
        value = literal.number;
        break;
      case Operation::text:
        value = literal.text;
        break;
      case Operation::flag:
        value = literal.flag;
        break;
      default:
        return;
    }
    std::string allowed;
    for (const Value& known : parameter->choices) {
      if (same_value(known, value)) return;
      allowed += (allowed.empty() ? "" : ", ") + to_text(known);
    }
    problem(literal, "'" + parameter->name + "' is never " + to_json(value), allowed);
  }

  Type check(const ExpressionNode& node) {
    switch (node.operation) {
      case Operation::number:
        return Type::number;
      case Operation::text:
        return Type::text;
      case Operation::flag:
        return Type::flag;
      case Operation::parameter:
        return parameter(node);
      case Operation::logical_not:
      case Operation::logical_and:
      case Operation::logical_or:
        want(node, Type::flag, "conditions");
        return Type::flag;
      case Operation::equal:
      case Operation::not_equal:
        equality(node);
        return Type::flag;
      case Operation::less:
      case Operation::less_equal:
      case Operation::greater:
      case Operation::greater_equal:
        want(node, Type::number, "numbers");
        return Type::flag;
      default:
        want(node, Type::number, "numbers");
        return Type::number;
    }
  }

  std::string_view text_;
  const std::vector<ExpressionNode>& nodes_;
  const Space& space_;
  const std::set<std::string, std::less<>>& doubtful_;
  std::vector<Type> types_;
  std::vector<ExpressionProblem> problems_;
  std::set<std::string> unknown_;
  std::size_t explained_until_ = 0;
};

}  // namespace

std::vector<ExpressionProblem> Expression::check(
    const Space& space, const std::set<std::string, std::less<>>& doubtful) const {
  if (syntax_) return {*syntax_};
  return Checker(text_, nodes_, space, doubtful).run();
}

}  // namespace tunesmith
