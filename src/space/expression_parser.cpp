#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "space/expression.hpp"

namespace tunesmith {
namespace {

enum class TokenKind { number, text, name, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;
  std::string text = {};
  double number = 0;
  bool quoted = false;  // a name in backquotes: never a keyword or function
};

/// Thrown from deep inside the parser, caught at its edge.
struct SyntaxMistake {
  std::size_t offset;
  std::string what;
  std::string allowed;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    Token token{.offset = at_};
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number(token);
    } else if (starts_name(c)) {
      token.kind = TokenKind::name;
      token.text = take(end_of_name(text_, at_));
    } else if (c == '\'' || c == '"' || c == '`') {
      quoted(token, c);
    } else {
      symbol(token);
    }
    return token;
  }

 private:
  char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string take(std::size_t end) {
    std::string taken(text_.substr(at_, end - at_));
    at_ = end;
    return taken;
  }

  void number(Token& token) {
    std::size_t end = at_;
    const auto digits = [&] {
      while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
    };
    digits();
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      ++end;
      if (end < text_.size() && (text_[end] == '+' || text_[end] == '-')) ++end;
      digits();
    }
    end = std::max(end, end_of_name(text_, end));  // "12abc" is one bad number, not two tokens
    token.kind = TokenKind::number;
    token.text = take(end);
    const auto value = parse_number(token.text);
    if (!value || !std::isfinite(*value))
      throw SyntaxMistake{token.offset, "'" + token.text + "' is not a number", ""};
    token.number = *value;
  }

  void quoted(Token& token, char quote) {
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) {
      throw SyntaxMistake{token.offset, std::string("the ") + quote + " is never closed", ""};
    }
    token.kind = quote == '`' ? TokenKind::name : TokenKind::text;
    token.quoted = true;
    token.text = std::string(text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
  }

  void symbol(Token& token) {
    token.kind = TokenKind::symbol;
    for (const std::string_view two : {"<=", ">=", "==", "!=", "**"}) {
      if (text_.substr(at_, 2) == two) {
        token.text = take(at_ + 2);
        return;
      }
    }
    const char c = text_[at_];
    if (std::string_view("+-*/%<>(),").find(c) != std::string_view::npos) {
      token.text = take(at_ + 1);
      return;
    }
    constexpr std::array<std::pair<char, const char*>, 5> habits{
        {{'=', "=="}, {'&', "and"}, {'|', "or"}, {'!', "not"}, {'^', "**"}}};
    for (const auto& [habit, here] : habits) {
      if (c == habit)
        throw SyntaxMistake{at_, std::string("'") + c + "' is written " + here + " here", ""};
    }
    throw SyntaxMistake{at_, "unexpected " + json_excerpt(Json(std::string(1, c))), ""};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Binary {
  std::string_view symbol;
  Operation operation;
  int level;
};
constexpr int comparison_level = 4;
constexpr int sign_level = 7;
/// Python's precedence; `not` stands between `and` and the comparisons, signs between * and **.
constexpr std::array<Binary, 14> binaries{{
    {"or", Operation::logical_or, 1},
    {"and", Operation::logical_and, 2},
    {"<", Operation::less, comparison_level},
    {"<=", Operation::less_equal, comparison_level},
    {">", Operation::greater, comparison_level},
    {">=", Operation::greater_equal, comparison_level},
    {"==", Operation::equal, comparison_level},
    {"!=", Operation::not_equal, comparison_level},
    {"+", Operation::add, 5},
    {"-", Operation::subtract, 5},
    {"*", Operation::multiply, 6},
    {"/", Operation::divide, 6},
    {"%", Operation::modulo, 6},
    {"**", Operation::power, 8},
}};

struct Function {
  std::string_view name;
  Operation operation;
  bool several;  // two or more arguments
};
constexpr std::array<Function, 8> functions{{
    {"abs", Operation::absolute, false},
    {"ceil", Operation::ceiling, false},
    {"exp", Operation::exponential, false},
    {"floor", Operation::floor, false},
    {"log", Operation::logarithm, false},
    {"max", Operation::maximum, true},
    {"min", Operation::minimum, true},
    {"sqrt", Operation::square_root, false},
}};

/// Precedence climbing (Pratt, "Top down operator precedence", POPL 1973).
class Parser {
 public:
  Parser(std::string_view text, std::vector<ExpressionNode>& nodes) : lexer_(text), nodes_(nodes) {
    advance();
  }

  void parse_all() {
    if (token_.kind == TokenKind::end)
      throw SyntaxMistake{0, "is empty", "a condition such as \"a * b <= 100\""};
    parse(1);
    if (token_.kind != TokenKind::end) unexpected("an operator or the end");
  }

 private:
  void advance() { token_ = lexer_.next(); }

  bool is_word(std::string_view word) const {
    return token_.kind == TokenKind::name && !token_.quoted && token_.text == word;
  }
  bool is_symbol(std::string_view symbol) const {
    return token_.kind == TokenKind::symbol && token_.text == symbol;
  }

  [[noreturn]] void unexpected(std::string allowed) const {
    if (token_.kind == TokenKind::end)
      throw SyntaxMistake{token_.offset, "ends too early", std::move(allowed)};
    throw SyntaxMistake{token_.offset, "unexpected '" + token_.text + "'", std::move(allowed)};
  }

  void expect(std::string_view symbol, std::string allowed) {
    if (!is_symbol(symbol)) unexpected(std::move(allowed));
    advance();
  }

  std::size_t emit(ExpressionNode node) {
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }

  const Binary* binary() const {
    for (const Binary& entry : binaries) {
      if (is_symbol(entry.symbol) || is_word(entry.symbol)) return &entry;
    }
    return nullptr;
  }

  /// An expression whose operators all bind at least as tightly as `level`.
  std::size_t parse(int level) {
    if (++depth_ > max_expression_depth) {
      throw SyntaxMistake{token_.offset,
                          "nests deeper than " + std::to_string(max_expression_depth) + " levels",
                          ""};
    }
    std::size_t left = operand();
    for (const Binary* entry = binary(); entry != nullptr && entry->level >= level;
         entry = binary()) {
      const Token symbol = token_;
      advance();
      // ** alone takes from the right, and a sign after it: 2 ** -1.
      const std::size_t right =
          parse(entry->operation == Operation::power ? sign_level : entry->level + 1);
      left = emit({.operation = entry->operation,
                   .offset = symbol.offset,
                   .text = symbol.text,
                   .left = left,
                   .right = right});
      const Binary* following = binary();
      if (entry->level == comparison_level && following != nullptr &&
          following->level == comparison_level) {
        throw SyntaxMistake{
            token_.offset, "comparisons do not chain; join them with and: \"1 < a and a < 5\"", ""};
      }
    }
    --depth_;
    return left;
  }

  std::size_t unary(Operation operation, int level) {
    const Token symbol = token_;
    advance();
    const std::size_t inner = parse(level);
    if (operation == Operation::negate && inner + 1 == nodes_.size() &&
        nodes_[inner].operation == Operation::number) {
      nodes_[inner].number =
          -nodes_[inner].number;  // so that -1 is a number, comparable with choices
      return inner;
    }
    return emit({.operation = operation,
                 .offset = symbol.offset,
                 .text = symbol.text,
                 .left = inner,
                 .right = inner});
  }

  std::size_t operand() {
    if (is_word("not")) return unary(Operation::logical_not, comparison_level);
    if (is_symbol("-")) return unary(Operation::negate, sign_level);
    if (is_symbol("+")) {
      advance();
      return parse(sign_level);
    }
    if (is_symbol("(")) {
      advance();
      const std::size_t inner = parse(1);
      expect(")", "')'");
      return inner;
    }
    if (token_.kind == TokenKind::symbol || token_.kind == TokenKind::end || is_word("and") ||
        is_word("or")) {
      unexpected("a number, a parameter, a 'text' or '('");
    }
    const Token token = token_;
    advance();
    ExpressionNode node{.offset = token.offset, .text = token.text};
    if (token.kind == TokenKind::number) {
      node.operation = Operation::number;
      node.number = token.number;
    } else if (token.kind == TokenKind::text) {
      node.operation = Operation::text;
    } else if (!token.quoted && is_symbol("(")) {
      return call(token);
    } else if (!token.quoted && (token.text == "true" || token.text == "false")) {
      node.operation = Operation::flag;
      node.flag = token.text == "true";
    } else {
      node.operation = Operation::parameter;
    }
    return emit(std::move(node));
  }

  std::size_t call(const Token& name) {
    const auto* function =
        std::find_if(functions.begin(), functions.end(),
                     [&](const Function& entry) { return entry.name == name.text; });
    if (function == functions.end()) {
      std::vector<std::string> names;
      std::string allowed;
      for (const Function& entry : functions) {
        names.emplace_back(entry.name);
        allowed += (allowed.empty() ? "" : ", ") + names.back();
      }
      const std::string guess = closest(name.text, names);
      throw SyntaxMistake{name.offset,
                          "'" + name.text + "' is no function" +
                              (guess.empty() ? "" : "; did you mean '" + guess + "'?"),
                          allowed};
    }
    advance();
    std::size_t result = parse(1);
    if (function->several) {
      expect(",", "two or more arguments for " + name.text);
      for (;;) {
        const std::size_t next = parse(1);
        result = emit({.operation = function->operation,
                       .offset = name.offset,
                       .text = name.text,
                       .left = result,
                       .right = next});
        if (!is_symbol(",")) break;
        advance();
      }
    } else {
      result = emit({.operation = function->operation,
                     .offset = name.offset,
                     .text = name.text,
                     .left = result,
                     .right = result});
    }
    expect(")", function->several ? "',' or ')'" : "')', as " + name.text + " takes one argument");
    return result;
  }

  Lexer lexer_;
  std::vector<ExpressionNode>& nodes_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

std::size_t end_of_name(std::string_view text, std::size_t offset) {
  while (offset < text.size() &&
         (starts_name(text[offset]) || is_digit(text[offset]) || text[offset] == '.'))
    ++offset;
  return offset;
}

std::string at_column(std::string_view text, std::size_t offset) {
  // Bytes 10xxxxxx continue a character.
  const auto characters =
      std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return "at column " + std::to_string(characters + 1) + ": ";
}

std::optional<ExpressionProblem> parse_expression(std::string_view text,
                                                  std::vector<ExpressionNode>& nodes) {
  if (text.size() > max_expression_bytes) {
    return ExpressionProblem{"is longer than " + std::to_string(max_expression_bytes) + " bytes",
                             ""};
  }
  try {
    Parser(text, nodes).parse_all();
  } catch (const SyntaxMistake& mistake) {
    return ExpressionProblem{at_column(text, mistake.offset) + mistake.what, mistake.allowed};
  }
  return std::nullopt;
}

}  // namespace tunesmith
