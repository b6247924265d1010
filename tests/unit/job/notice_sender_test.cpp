#include "job/notice_sender.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/json.hpp"
#include "samples.hpp"
#include "support/catch.hpp"

namespace tunesmith {
namespace {

class Folder {
 public:
  Folder() { std::filesystem::create_directories(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return path_ / name; }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(file(name)).rdbuf();
    return text.str();
  }

 private:
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("tunesmith-notices-" + std::to_string(getpid()));
};

NoticeReceiver shell(const std::string& script, std::vector<std::string> arguments = {}) {
  NoticeReceiver receiver{.command = {"sh", "-c", script, "sh"}};
  receiver.command.insert(receiver.command.end(), arguments.begin(), arguments.end());
  return receiver;
}

}  // namespace

TEST_CASE("notice sender: a notice comes on stdin and in the environment, nothing is interpreted") {
  const Folder folder;
  const std::string message = "loss \"nan\" at 3; $(touch no) `x` 'ü'";
  {
    NoticeSender sender(
        shell("cat >> \"$1\"; echo >> \"$1\"; printf '%s|%s|%s|%s\\n' \"$TUNESMITH_STUDY\" "
              "\"$TUNESMITH_TRIAL\" \"$TUNESMITH_RULE\" \"$TUNESMITH_MESSAGE\" >> \"$2\"",
              {folder.file("stdin"), folder.file("environment")}),
        "mnist", {});
    sender.send({.trial = 3, .rule = "overfit", .message = message, .time = 12.5});
    sender.send({.rule = "self_check", .message = "all"});
  }
  std::istringstream lines(folder.read("stdin"));
  std::string line;
  REQUIRE(std::getline(lines, line));
  CHECK(test::parsed(line) == Json{{"study", "mnist"},
                                   {"trial", 3},
                                   {"rule", "overfit"},
                                   {"message", message},
                                   {"time", 12.5}});
  REQUIRE(std::getline(lines, line));
  CHECK(test::parsed(line)["trial"].is_null());
  CHECK(folder.read("environment") == "mnist|3|overfit|" + message + "\nmnist||self_check|all\n");
}

TEST_CASE("notice sender: what goes wrong is logged, and the next notice is sent all the same") {
  const Folder folder;
  std::vector<std::string> logged;
  const LogSink log = [&](LogLevel level, std::string_view message) {
    CHECK(level == LogLevel::error);
    logged.emplace_back(message);
  };
  {
    NoticeSender sender(shell("echo x >> \"$1\"; exit 3", {folder.file("calls")}), "s", log);
    sender.send({.trial = 0, .rule = "overfit", .message = "m"});
    sender.send({.trial = 1, .rule = "overfit", .message = "m"});
  }
  CHECK(folder.read("calls") == "x\nx\n");
  REQUIRE(logged.size() == 2);
  CHECK(logged[0] == "\"sh\" did not take the notice of overfit: exit status 3");

  NoticeSender(NoticeReceiver{.command = {folder.file("none")}}, "s", log)
      .send({.trial = 0, .rule = "overfit", .message = "m"});
  REQUIRE(logged.size() == 3);
  CHECK_THAT(logged[2], Catch::Contains("No such file"));

  NoticeSender(shell("kill -9 $$"), "s", log).send({.rule = "overfit", .message = "m"});
  REQUIRE(logged.size() == 4);
  CHECK_THAT(logged[3], Catch::Contains("signal 9"));
}

TEST_CASE("notice sender: nobody waits for a slow command") {
  const Folder folder;
  REQUIRE(mkfifo(folder.file("gate").c_str(), 0600) == 0);
  {
    NoticeSender sender(shell("read line < \"$1\"; echo \"$line\" > \"$2\"",
                              {folder.file("gate"), folder.file("out")}),
                        "s", {});
    sender.send({.rule = "overfit", .message = "m"});
    // Opens once the command reads, which cannot end before: had `send` waited, neither would.
    std::ofstream(folder.file("gate")) << "go\n";
  }
  CHECK(folder.read("out") == "go\n");
}

}  // namespace tunesmith
