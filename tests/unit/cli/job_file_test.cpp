#include "cli/job_file.hpp"

#include "support/catch.hpp"

namespace tunesmith::cli {

TEST_CASE("place: beside the job file by default") {
  const Place place = place_of("/jobs", "mnist", "");
  CHECK(place.store_url == "sqlite:/jobs/mnist.tunesmith/study.db");
  CHECK(place.trials == "/jobs/mnist.tunesmith/trials");
  CHECK(place.record == "/jobs/mnist.tunesmith/job.json");
}

TEST_CASE("place: beside a database of the user's") {
  const Place place = place_of("/jobs", "mnist", "sqlite:/data/all.db?durability=full");
  CHECK(place.store_url == "sqlite:/data/all.db?durability=full");
  CHECK(place.trials == "/data/mnist.trials");
  CHECK(place.record == "/data/mnist.trials/job.json");
}

TEST_CASE("place: a store without a file leaves the trials with the job") {
  const Place place = place_of("/jobs", "mnist", "memory:");
  CHECK(place.trials == "/jobs/mnist.tunesmith/trials");
  CHECK(place.record.empty());
}

TEST_CASE("target: a store that does not exist is not made by looking") {
  CHECK_THROWS_AS(open_existing("sqlite:/nonexistent/study.db"), Error);
  CHECK_THROWS_AS(find_target("", "", "x"), Error);
  CHECK_THROWS_AS(find_target("/nonexistent/job.json", "", ""), Error);
}

}  // namespace tunesmith::cli
