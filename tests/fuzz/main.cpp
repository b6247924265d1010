// Stands in for libFuzzer, so that fuzz targets are built and run by every compiler:
//   fuzz_x [--seconds N] [--seed S] FILE|FOLDER...
// runs each file, then for N seconds inputs made from them by changing, cutting and joining. The
// last input is kept in fuzz_x.crash, so that a finding can be run again.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "fuzz/fuzz.hpp"

namespace {

namespace fs = std::filesystem;
using tunesmith::RandomStream;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void run(const std::string& input, const std::string& keep_in) {
  if (!keep_in.empty()) std::ofstream(keep_in, std::ios::binary) << input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Bytes that parsers care about.
constexpr std::string_view interesting = "{}[]\":,.-+eE0189()<>=\\\n\r\t\x1b\x00\xff\x80 ";

std::string changed(const std::vector<std::string>& inputs, RandomStream& random) {
  std::string text = inputs[random.below(inputs.size())];
  const std::uint64_t changes = 1 + random.below(8);
  for (std::uint64_t i = 0; i < changes; ++i) {
    const std::size_t at = random.below(text.size() + 1);
    const std::size_t length = random.below(1 + random.below(64));
    switch (random.below(6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        break;
      case 1:
        text.insert(at, 1, interesting[random.below(interesting.size())]);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(random.below(text.size() + 1), length));
        break;
      case 4: {
        const std::string& other = inputs[random.below(inputs.size())];
        text = text.substr(0, at) + other.substr(random.below(other.size() + 1));
        break;
      }
      default:
        if (at < text.size()) text[at] = static_cast<char>(random.below(256));
    }
  }
  if (text.size() > 100000) text.resize(100000);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  double seconds = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> inputs;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--seconds" && i + 1 < argc) {
      seconds = std::stod(argv[++i]);
    } else if (argument == "--seed" && i + 1 < argc) {
      seed = std::stoull(argv[++i]);
    } else if (fs::is_directory(argument)) {
      for (const auto& entry : fs::directory_iterator(argument)) {
        inputs.push_back(read_file(entry.path()));
      }
    } else {
      inputs.push_back(read_file(argument));
    }
  }
  if (inputs.empty()) {
    std::cerr << "no input was given\n";
    return 2;
  }
  for (const std::string& input : inputs) run(input, "");

  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  std::uint64_t made = 0;
  const std::string keep_in = fs::path(argv[0]).filename().string() + ".crash";
  for (; Clock::now() < end; ++made) {
    RandomStream random(seed, made, "fuzz");
    run(changed(inputs, random), keep_in);
  }
  if (made > 0) fs::remove(keep_in);
  std::cout << inputs.size() << " inputs, " << made << " made from them: nothing found\n";
}
