// Store files: whatever the bytes, an Error or the events as they were. An input is a list of
// changes to a good file; one that begins as SQLite files do is the file itself.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/fuzz.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/store.hpp"

using namespace tunesmith;

namespace {

namespace fs = std::filesystem;

const fs::path& folder() {
  static const fs::path made = [] {
    const fs::path base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : fs::temp_directory_path();
    const fs::path path = base / ("tunesmith-fuzz-" + std::to_string(getpid()));
    fs::create_directories(path);
    std::atexit([] {
      std::error_code ignored;
      fs::remove_all(folder(), ignored);
    });
    return path;
  }();
  return made;
}

std::vector<Event> good_events() {
  std::vector<Event> events = {
      {.kind = EventKind::suggested, .trial = 0, .attempt = 1, .payload = "{}"}};
  for (int i = 0; i < 30; ++i) {
    events.push_back({.kind = EventKind::reported,
                      .trial = 0,
                      .attempt = 1,
                      .resource = static_cast<double>(i),
                      .value = 0.5,
                      .metric = "loss"});
  }
  return events;
}

const std::string& good_file() {
  static const std::string bytes =
      [] {
        const fs::path path = folder() / "good.db";
        const auto store = open_store("sqlite:" + path.string());
        store->append(store->open_study("study", "{}").key, good_events(), {});
        return path;
      }()
          .string();
  static const std::string content = [] {
    std::ifstream file(bytes, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  }();
  return content;
}

std::string made_of(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  if (text.starts_with("SQLite")) return std::string(text);
  std::string file = good_file();
  fuzz::Bytes bytes(data, size);
  while (!bytes.empty()) {
    const std::size_t at =
        (bytes.next() * 65536UL + bytes.next() * 256UL + bytes.next()) % file.size();
    const std::uint8_t what = bytes.next();
    if (what == 255 && file.size() > 512) {
      file.resize(std::max<std::size_t>(512, at));
    } else {
      file[at] = static_cast<char>(file[at] ^ what);
    }
  }
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = made_of(data, size);
  for (const auto& entry : fs::directory_iterator(folder())) {
    if (entry.path().filename().string().starts_with("fuzzed")) fs::remove_all(entry.path());
  }
  const std::string path = (folder() / "fuzzed.db").string();
  std::ofstream(path, std::ios::binary) << file;
  try {
    const auto store = open_store("sqlite:" + path);
    const OpenedStudy opened = store->open_study("study", "");
    const std::vector<StoredEvent> events = store->events_since(opened.key, 0, 1000);
    if (file.starts_with(good_file().substr(0, 4096))) {
      fuzz::require(opened.problem_json == "{}" && events.size() == good_events().size(),
                    "what can be read is what was written");
    }
  } catch (const Error&) {  // said, not silently read
  }
  return 0;
}
