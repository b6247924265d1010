#include "space/space_json.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "random_space.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"

namespace ts = tunesmith;

namespace {

using Paths = std::vector<std::string>;

Paths sorted(const std::vector<ts::Mistake>& mistakes) {
  Paths result;
  for (const ts::Mistake& mistake : mistakes) result.push_back(mistake.path);
  std::sort(result.begin(), result.end());
  return result;
}

/// Paths of the mistakes of a whole space text.
Paths read(const std::string& text) {
  try {
    ts::Space::from_json(text);
  } catch (const ts::Error& error) {
    CHECK(error.code() == ts::ErrorCode::invalid_space);
    return sorted(error.mistakes());
  }
  return {};
}

/// Of a space whose one parameter "x" is given, next to a sound "opt".
Paths read_parameter(const std::string& parameter) {
  return read(
      R"({"parameters": {"opt": {"type": "categorical", "values": ["sgd", "adam"]}, "x": )" +
      parameter + "}}");
}

}  // namespace

TEST_CASE("a space is written as documented") {
  ts::Space space;
  space.add_float("lr", {.min = 1e-5, .max = 0.1, .scale = ts::Scale::log})
      .add_float("drop", {.min = 0, .max = 0.5, .step = 0.1, .when = {{"opt", {"sgd"}}}})
      .add_int("n", {.min = 1, .max = 9, .step = 2})
      .add_categorical("opt", {"sgd", std::int64_t{1}, 0.5, true})
      .add_ordinal("size", {"s", "m"})
      .add_fixed("seed", std::int64_t{7})
      .add_constraint("n * lr < 1");
  CHECK(space.to_json() ==
        R"({"parameters":{"lr":{"type":"float","min":1e-05,"max":0.1,"scale":"log"},)"
        R"("drop":{"type":"float","min":0.0,"max":0.5,"step":0.1,"when":{"opt":["sgd"]}},)"
        R"("n":{"type":"int","min":1,"max":9,"step":2},)"
        R"("opt":{"type":"categorical","values":["sgd",1,0.5,true]},)"
        R"("size":{"type":"ordinal","values":["s","m"]},)"
        R"("seed":{"type":"fixed","value":7}},)"
        R"("constraints":["n * lr < 1"]})");
  CHECK(ts::Space::from_json(space.to_json()) == space);
}

TEST_CASE("priors are written as documented, and come back exactly") {
  ts::Space space;
  space.add_float("lr", {.min = 1e-5, .max = 0.1, .prior = ts::Prior{.near = 0.01 + 0.02e-7}})
      .add_int("n", {.min = 1, .max = 9, .prior = ts::Prior{.near = 3, .spread = 0.25}})
      .add_ordinal("size", {"s", "m"}, {.prior = ts::Prior{.weights = {1.0 / 3, 0}}});
  CHECK(ts::Space::from_json(space.to_json()) == space);
  CHECK(ts::Space::from_json(space.settled().to_json()) == space.settled());
  CHECK(ts::Space()
            .add_int("n", {.prior = ts::Prior{.near = 1, .spread = 0.25}})
            .add_categorical("c", {"a", "b"}, {.prior = ts::Prior{.weights = {3, 0.5}}})
            .to_json() ==
        R"({"parameters":{"n":{"type":"int","min":0,"max":1,"prior":{"near":1.0,"spread":0.25}},)"
        R"("c":{"type":"categorical","values":["a","b"],"prior":{"weights":[3.0,0.5]}}}})");
}

TEST_CASE("random spaces come back equal from their JSON") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ts::Space space = ts::testing::RandomSpace(seed, seed % 2 == 0).make();
    CAPTURE(seed, space.to_json());
    REQUIRE(ts::Space::from_json(space.to_json()) == space);
    REQUIRE(ts::Space::from_json(space.settled().to_json()) == space.settled());
  }
}

TEST_CASE("bounds come back exactly") {
  ts::Space space;
  space
      .add_float(
          "tiny",
          {.min = 5e-324, .max = std::numeric_limits<double>::max(), .scale = ts::Scale::log})
      .add_float("thirds", {.min = -1.0 / 3, .max = 0.1 + 0.2})
      .add_int("all", {.min = INT64_MIN, .max = INT64_MAX})
      .add_int("odd", {.min = 9007199254740993, .max = 9007199254740995});
  CHECK(ts::Space::from_json(space.to_json()) == space);
}

TEST_CASE("people's ways to write are taken") {
  const ts::Space space = ts::Space::from_json(
      R"({"parameters": {"opt": {"type": "categorical", "values": ["sgd", "adam"]},
                         "m": {"when": {"opt": "sgd"}, "scale": "auto", "max": 1, "min": 0, "type": "float"},
                         "n": {"type": "int", "min": 1e0, "max": 1e3}}})");
  CHECK(space.find("m")->when == std::vector<ts::Condition>{{"opt", {"sgd"}}});
  CHECK(space.find("n")->int_max == 1000);
  CHECK(space.constraints().empty());
}

TEST_CASE("one mistake in a parameter is one path") {
  const std::vector<std::pair<std::string, Paths>> table{
      {R"({"type": "float", "min": 0, "max": 1})", {}},
      {R"(7)", {"/parameters/x"}},
      {R"(null)", {"/parameters/x"}},
      {R"({})", {"/parameters/x/type"}},
      {R"({"type": "flaot", "min": 5, "max": 1, "foo": 1})", {"/parameters/x/type"}},
      {R"({"type": 3, "when": 7})", {"/parameters/x/type", "/parameters/x/when"}},
      {R"({"type": "float", "max": 1})", {"/parameters/x/min"}},
      {R"({"type": "float", "min": "0", "max": -1, "scale": "log"})", {"/parameters/x/min"}},
      {R"({"type": "float", "min": 0, "max": 99999999999999999999, "step": 7})",
       {"/parameters/x/max"}},
      {R"({"type": "float", "min": 2, "max": 1})", {"/parameters/x/max"}},
      {R"({"type": "float", "min": 0, "max": 1, "scale": "logarithmic"})", {"/parameters/x/scale"}},
      {R"({"type": "float", "min": 0, "max": 1, "scale": "log"})", {"/parameters/x/min"}},
      {R"({"type": "float", "min": 0.5, "max": 1, "scale": "reverse_log"})", {"/parameters/x/max"}},
      {R"({"type": "float", "min": 0, "max": 1, "step": 0})", {"/parameters/x/step"}},
      {R"({"type": "float", "min": 0, "max": 1, "step": "a"})", {"/parameters/x/step"}},
      {R"({"type": "float", "min": 0, "max": 1, "values": [1]})", {"/parameters/x/values"}},
      {R"({"type": "float", "mim": 0, "min": 0, "max": 1})", {"/parameters/x/mim"}},
      {R"({"type": "int", "min": 0.5, "max": 1})", {"/parameters/x/min"}},
      {R"({"type": "int", "min": 1, "max": true})", {"/parameters/x/max"}},
      {R"({"type": "int", "min": 0, "max": 8, "step": 9})", {"/parameters/x/step"}},
      {R"({"type": "float", "min": 0, "max": 1, "prior": {"near": 1, "spread": 1}})", {}},
      {R"({"type": "float", "min": 0, "max": 1, "prior": 0.5})", {"/parameters/x/prior"}},
      {R"({"type": "float", "min": 0, "max": 1, "prior": {}})", {"/parameters/x/prior/near"}},
      {R"({"type": "float", "min": 0, "max": 1, "prior": {"near": "0"}})",
       {"/parameters/x/prior/near"}},
      {R"({"type": "int", "min": 1, "max": 9, "prior": {"near": 0, "spread": 0, "weights": [1]}})",
       {"/parameters/x/prior/near", "/parameters/x/prior/spread", "/parameters/x/prior/weights"}},
      {R"({"type": "int", "min": 9, "max": 1, "prior": {"near": 0}})", {"/parameters/x/max"}},
      {R"({"type": "categorical", "values": ["a", "b"], "prior": {"weights": [0, 1e300]}})", {}},
      {R"({"type": "categorical", "values": ["a", "b"], "prior": {"weights": [1]}})",
       {"/parameters/x/prior/weights"}},
      {R"({"type": "categorical", "values": ["a", "b"], "prior": {"weights": [0, 0.0]}})",
       {"/parameters/x/prior/weights"}},
      {R"({"type": "categorical", "values": ["a", "b"], "prior": {"weights": [-1, "2"]}})",
       {"/parameters/x/prior/weights/0", "/parameters/x/prior/weights/1"}},
      {R"({"type": "categorical", "values": ["a", "b"], "prior": {"near": "a"}})",
       {"/parameters/x/prior/near", "/parameters/x/prior/weights"}},
      {R"({"type": "categorical", "prior": {"weights": [1]}})", {"/parameters/x/values"}},
      {R"({"type": "fixed", "value": 1, "prior": {"near": 1}})", {"/parameters/x/prior"}},
      {R"({"type": "flaot", "prior": {"near": 1}})", {"/parameters/x/type"}},
      {R"({"type": "categorical"})", {"/parameters/x/values"}},
      {R"({"type": "categorical", "values": "a"})", {"/parameters/x/values"}},
      {R"({"type": "categorical", "values": []})", {"/parameters/x/values"}},
      {R"({"type": "categorical", "values": ["a", null, "b"]})", {"/parameters/x/values/1"}},
      {R"({"type": "categorical", "values": ["a", "b", "a"]})", {"/parameters/x/values/2"}},
      {R"({"type": "categorical", "values": ["a", 18446744073709551616]})",
       {"/parameters/x/values/1"}},
      {R"({"type": "ordinal", "values": [false, {}, []]})",
       {"/parameters/x/values/1", "/parameters/x/values/2"}},
      {R"({"type": "fixed"})", {"/parameters/x/value"}},
      {R"({"type": "fixed", "value": [1]})", {"/parameters/x/value"}},
      {R"({"type": "fixed", "value": 1, "min": 3})", {"/parameters/x/min"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": "sgd"})", {"/parameters/x/when"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"opt": []}})", {"/parameters/x/when/opt"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"opt": "sdg"}})",
       {"/parameters/x/when/opt"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"opt": ["sdg"]}})",
       {"/parameters/x/when/opt/0"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"opt": null}})",
       {"/parameters/x/when/opt"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"opt": ["sgd", {}]}})",
       {"/parameters/x/when/opt/1"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"op": ["sgd"]}})",
       {"/parameters/x/when/op"}},
      {R"({"type": "float", "min": 0, "max": 1, "when": {"x": 0.5}})", {"/parameters/x/when/x"}},
  };
  for (const auto& [parameter, expected] : table) {
    CAPTURE(parameter);
    CHECK(read_parameter(parameter) == expected);
  }
}

TEST_CASE("k mistakes in a text are exactly k paths") {
  CHECK(read(R"({
    "parameters": {
      "lr": {"type": "float", "min": 0, "max": 0.1, "scale": "log", "stp": 0.1},
      "layers": {"type": "int", "min": 8, "max": 1},
      "width": {"type": "int", "min": "one", "max": 64},
      "opt": {"type": "categorial", "values": ["sgd", "adam"]},
      "kind": {"type": "ordinal", "values": ["a", "b", "a"], "when": {"opt": "sgd", "typo": true}},
      "sub": {"type": "float", "min": 0, "max": 1, "when": {"kind": "c", "layers": 3}},
      "": {"type": "fixed", "value": 1},
      "a/b": {"type": "fixed", "value": null}
    },
    "constraints": ["layers * width < 3", "opt == 'x' and wdith < 2", 7, "lr <", "kind + 1 < 2"],
    "extra": 1
  })") == Paths{"/constraints/1", "/constraints/2", "/constraints/3", "/extra", "/parameters/",
                "/parameters/a~1b/value", "/parameters/kind/values/2", "/parameters/kind/when/typo",
                "/parameters/layers/max", "/parameters/lr/min", "/parameters/lr/stp",
                "/parameters/opt/type", "/parameters/width/min"});
}

TEST_CASE("mistakes seeded into random spaces are found, each once, and nothing else") {
  int seeded = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ts::Space space = ts::testing::RandomSpace(seed, seed % 2 == 0).make();
    ts::Json json = ts::Json::parse(space.to_json());
    ts::RandomStream random(seed, 0, "seeded mistakes");
    Paths expected;
    for (const ts::Parameter& parameter : space.parameters()) {
      if (random.below(2) == 0) continue;
      ts::Json& fields = json["parameters"][parameter.name];
      const std::string path = "/parameters/" + parameter.name;
      switch (random.below(4)) {
        case 0:
          fields["type"] = "nope";
          expected.push_back(path + "/type");
          break;
        case 1:
          fields["zzz"] = 1;
          expected.push_back(path + "/zzz");
          break;
        case 2:
          fields["when"]["nobody"] = "x";
          expected.push_back(path + "/when/nobody");
          break;
        default:
          if (fields.contains("max")) {
            fields["max"] = -1e9;
            if (parameter.type == ts::ParameterType::integer) fields["max"] = -1000000000;
            expected.push_back(path + "/max");
          } else if (fields.contains("values")) {
            expected.push_back(path + "/values/" + std::to_string(fields["values"].size()));
            fields["values"].push_back(fields["values"][0]);
          } else {
            fields["value"] = nullptr;
            expected.push_back(path + "/value");
          }
      }
    }
    seeded += static_cast<int>(expected.size());
    std::sort(expected.begin(), expected.end());
    CAPTURE(seed, json.dump());
    REQUIRE(read(json.dump()) == expected);
  }
  CHECK(seeded > 500);
}

TEST_CASE("garbled texts are refused with mistakes, or make a space that works") {
  ts::RandomStream random(1, 0, "garbled");
  int accepted = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::string text = ts::testing::RandomSpace(seed % 50, false).make().to_json();
    const std::string_view bytes = "0123456789.-e{}[]\",:tfn\\ \n\xff";
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      text[random.below(text.size())] = bytes[random.below(bytes.size())];
    }
    CAPTURE(text);
    try {
      const ts::Space space = ts::Space::from_json(text);
      ++accepted;
      const ts::Configuration configuration =
          space.decode(std::vector<double>(space.dimension(), 0.7));
      REQUIRE(space.check(configuration).empty());
      REQUIRE(ts::Space::from_json(space.to_json()) == space);
    } catch (const ts::Error& error) {
      REQUIRE_FALSE(error.mistakes().empty());
    }
  }
  CHECK(accepted > 100);
}

TEST_CASE("whole texts that are no space") {
  CHECK(read("{") == Paths{""});
  CHECK(read("[]") == Paths{""});
  CHECK(read("{}") == Paths{"/parameters"});
  CHECK(read(R"({"parameters": []})") == Paths{"/parameters"});
  CHECK(read(R"({"parameters": {}, "constraints": "a"})") == Paths{"/constraints"});
  CHECK(read(R"({"parameters": {}})").empty());
  CHECK(read(R"({"parameters": {"a": {"type": "fixed", "value": 1}, "a": {"type": "bad"}}})") ==
        Paths{"/parameters/a", "/parameters/a/type"});
}

TEST_CASE("a space is read out of a larger object, under its path") {
  std::vector<ts::Mistake> mistakes;
  const ts::Json json = ts::parse_json(
      R"({"name": "job", "parameters": {"x": {"type": "int", "min": 1, "max": 0}}, "constraints": ["y < 1"]})",
      mistakes);
  ts::ObjectReader reader(json, "/definitions/0", mistakes);
  reader.text("name");
  ts::Space space;
  ts::read_space(reader, space, mistakes);
  reader.finish();
  CHECK(sorted(mistakes) ==
        Paths{"/definitions/0/constraints/0", "/definitions/0/parameters/x/max"});
}

TEST_CASE("earlier mistakes about other things do not hide those of the space") {
  std::vector<ts::Mistake> mistakes{{"/budget", "is missing", ""}, {"", "is odd", ""}};
  const ts::Json json =
      ts::parse_json(R"({"parameters": {"x": {"type": "int", "min": 1, "max": 0}}})", mistakes);
  ts::ObjectReader reader(json, "", mistakes);
  ts::Space space;
  ts::read_space(reader, space, mistakes);
  CHECK(mistakes.size() == 3);
  CHECK(mistakes.back().path == "/parameters/x/max");
}
