#include "job/amt_fields.hpp"

#include <algorithm>
#include <functional>

#include "support/catch.hpp"

namespace tunesmith::amt {

TEST_CASE("amt fields: the table has the service model's 314 paths") {
  const std::vector<std::string> paths = field_paths(request_fields());
  CHECK(paths.size() == 314);
  for (const char* path :
       {"HyperParameterTuningJobConfig.StrategyConfig.HyperbandStrategyConfig.MaxResource",
        "TrainingJobDefinition.HyperParameterRanges.CategoricalParameterRanges[].Values[]",
        "TrainingJobDefinitions[].ResourceConfig.InstancePreferences[].TrainingPlanArns[]",
        "TrainingJobDefinitions[].StaticHyperParameters{value}", "Tags[].Key", "Autotune.Mode"}) {
    INFO(path);
    CHECK(std::count(paths.begin(), paths.end(), path) == 1);
  }
}

TEST_CASE("amt fields: every list and map has its items, every form is known") {
  const std::function<void(const Field&)> check = [&](const Field& field) {
    INFO(field.name);
    CHECK((field.kind != Kind::list || field.children.size() == 1));
    CHECK((field.kind != Kind::map || field.children.size() == 2));
    CHECK((field.kind != Kind::structure || !field.children.empty()));
    CHECK((field.kind != Kind::choice || !field.choices.empty()));
    CHECK((field.form.empty() || describe_form(field.form) != field.form));
    for (const Field& child : field.children) check(child);
  };
  check(request_fields());
}

TEST_CASE("amt forms") {
  struct Case {
    const char* form;
    const char* good;
    const char* bad;
  };
  for (const Case& c : {
           Case{"line", "a b", "a\nb"},
           Case{"hyphenated", "a-b--c", "a-"},
           Case{"identifier", "_A1", "1A"},
           Case{"channel", "train.v-1_x", "a/b"},
           Case{"network", "sg-0a", "sg_0"},
           Case{"key", "alias/k-1", "a b"},
           Case{"tag", "a b_.:/=+-@\xC3\xA9", "a#b"},
           Case{"role", "arn:aws-cn:iam::123456789012:role/x/y", "arn:aws:iam::12:role/x"},
           Case{"s3", "s3://bucket/prefix", "/data"},
           Case{"instance", "ml.p4d.24xlarge", "m5.large"},
           Case{"algorithm", "xgboost-1", "xgb_"},
           Case{"algorithm", "arn:aws:sagemaker:eu-west-1:123456789012:algorithm/a1", "arn:aws:x"},
           Case{"file_system", "fs-0123abcd", "fs-xyz"},
           Case{"dataset", "arn:aws:sagemaker:us-east-1:aws:hub-content/h/DataSet/d/1.0.0", "arn:"},
           Case{"plan", "arn:aws:sagemaker:us-east-1:123456789012:training-plan/p", "arn:aws:p"},
       }) {
    INFO(c.form);
    CHECK(matches_form(c.form, c.good));
    CHECK_FALSE(matches_form(c.form, c.bad));
  }
}

}  // namespace tunesmith::amt
