#include "job/stopping_fields.hpp"

#include <utility>

#include "job/execution.hpp"
#include "job/plugin_choice.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {
namespace {

void read_rules(ObjectReader& reader, Job& job, std::vector<Mistake>& mistakes) {
  const Json* rules = reader.array("stopping_rules");
  if (rules == nullptr) return;
  const auto check = [](const PluginChoice& choice) {
    make_stopping_rule(choice.name, choice.options);
  };
  for (std::size_t i = 0; i < rules->size(); ++i) {
    PluginChoice choice;
    read_plugin_choice((*rules)[i], reader.path("stopping_rules") + pointer_step(i),
                       stopping_rules(), check, choice, mistakes);
    job.stopping_rules.push_back(std::move(choice));
  }
}

void read_webhook(ObjectReader& reader, NoticeReceiver& receiver) {
  const auto webhook = reader.text("webhook");
  if (!webhook) return;
  const bool plain = webhook->find_first_of(std::string_view("\0\t\r\n \"", 6)) == webhook->npos;
  if (plain && (webhook->starts_with("https://") || webhook->starts_with("http://"))) {
    receiver.webhook = *webhook;
  } else {
    reader.mistake("webhook", "is " + json_excerpt(*reader.find("webhook")),
                   "an address that begins with https:// or http://");
  }
}

}  // namespace

void read_stopping(ObjectReader& reader, const std::string& base_folder, Job& job,
                   std::vector<Mistake>& mistakes) {
  read_rules(reader, job, mistakes);
  const Json* field = reader.object("on_notice");
  if (field == nullptr) return;
  ObjectReader receiver(*field, reader.path("on_notice"), mistakes);
  NoticeReceiver& wanted = job.on_notice;
  read_command(receiver, wanted.command, mistakes);
  read_webhook(receiver, wanted);
  // A name without a folder is looked up where programs are.
  if (!wanted.command.empty() && wanted.command[0].find('/') != std::string::npos) {
    wanted.command[0] = below(base_folder, wanted.command[0]);
  }
  const bool command = receiver.has("command");
  const bool webhook = receiver.has("webhook");
  if (command && webhook) {
    receiver.mistake("webhook", "stands beside \"command\"", "one of the two");
  } else if (!command && !webhook) {
    receiver.mistake("command", "is missing, as is \"webhook\"", "one of the two");
  }
  receiver.finish();
}

}  // namespace tunesmith
