// conformance KIND NAME [OPTIONS]: holds a registered plug-in to its contract.
#include <functional>
#include <iostream>
#include <map>

#include "conformance/registered.hpp"

int main(int argc, char** argv) {
  using Check =
      std::function<tunesmith::testing::Conformance(const std::string&, const std::string&)>;
  const std::map<std::string, Check> kinds = {{"strategy", check_registered_strategy},
                                              {"rule", check_registered_rule},
                                              {"executor", check_registered_executor},
                                              {"store", check_registered_store}};
  if (argc < 3 || !kinds.contains(argv[1])) {
    std::cerr << "usage: conformance strategy|rule|executor|store NAME [OPTIONS]\n";
    return 2;
  }
  try {
    const auto result = kinds.at(argv[1])(argv[2], argc > 3 ? argv[3] : "");
    std::cout << result.report() << result.checks.size() << " checks, " << result.broken.size()
              << " broken promises\n";
    return result.holds() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
