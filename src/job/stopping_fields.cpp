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

void read_self_check(ObjectReader& reader, Job& job, std::vector<Mistake>& mistakes) {
  const Json* field = reader.object("self_check");
  if (field == nullptr && !reader.has("stopping_rules")) return;
  SelfCheckOptions& wanted = job.self_check.emplace();
  if (field == nullptr) return;
  ObjectReader options(*field, reader.path("self_check"), mistakes);
  wanted.share = options.number("share", 0, 1).value_or(wanted.share);
  wanted.least_correlation =
      options.number("least_correlation", -1, 1).value_or(wanted.least_correlation);
  if (const auto trials = options.integer("min_trials", 3, INT32_MAX)) {
    wanted.min_trials = static_cast<int>(*trials);
  }
  options.finish();
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
  read_self_check(reader, job, mistakes);
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
