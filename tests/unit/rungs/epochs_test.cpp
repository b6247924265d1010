#include "support/catch.hpp"
#include "tunesmith/rungs.hpp"

using namespace tunesmith;

TEST_CASE("hyperparameters that say how long to train are known by their names") {
  for (const char* name : {"epochs", "num_epochs", "n_epochs", "n-epochs", "numepochs",
                           "max_epochs", "num-epochs", "Epochs", "num_train_epochs"}) {
    INFO(name);
    CHECK(names_epochs(name));
  }
  for (const char* name : {"", "lr", "epochs_per_decay", "warmup_epochs", "batch_size"}) {
    INFO(name);
    CHECK_FALSE(names_epochs(name));
  }
}

TEST_CASE("the maximum is taken from a static hyperparameter") {
  const auto infer = [](const std::map<std::string, std::string>& values) {
    return infer_epochs(values).value_or(EpochsParameter{.name = "none", .epochs = 0});
  };
  CHECK(infer({{"lr", "3"}, {"num_epochs", "27"}}) == EpochsParameter{"num_epochs", 27});
  CHECK(infer({{"epochs", "\"9\""}}) == EpochsParameter{"epochs", 9});
  CHECK(infer({{"aaa", "1"}, {"Epochs", "5"}, {"epochs", "9"}, {"num_epochs", "3"}}) ==
        EpochsParameter{"epochs", 9});
  CHECK(infer({{"max_epochs", "5"}, {"num_epochs", "3"}}) == EpochsParameter{"max_epochs", 5});
  CHECK(infer({{"epochs", "many"}, {"num_epochs", "3"}}) == EpochsParameter{"num_epochs", 3});
  for (const char* value : {"", "0", "-3", "2.5", "3 ", "\"\"", "\"", "99999999999999999999"}) {
    INFO(value);
    CHECK(infer({{"epochs", value}}).name == "none");
  }
}
