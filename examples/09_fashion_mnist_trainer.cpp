// A trainer that tunes itself, in its own process: softmax regression on Fashion-MNIST that reports
// its loss after every epoch and ends early when it is told to. The images are those of Debian's
// package dataset-fashion-mnist; another folder with the same four files may be given as an
// argument.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

constexpr std::size_t pixels = 784;
constexpr std::size_t classes = 10;
constexpr int epochs = 6;

struct Images {
  std::vector<float> values;  ///< `pixels` of each image, 0 to 1
  std::vector<std::uint8_t> labels;
  const float* image(std::size_t i) const { return values.data() + i * pixels; }
};

/// The bytes of a gzipped IDX file after its header, at most `limit`.
std::vector<std::uint8_t> read_idx(const std::string& path, std::size_t header, std::size_t limit) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error(path + " is not there");
  std::vector<std::uint8_t> bytes(header + limit);
  const int count = gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  if (count != static_cast<int>(bytes.size())) throw std::runtime_error(path + " is too short");
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
  return bytes;
}

Images read_images(const std::string& folder, const std::string& set, std::size_t count) {
  const auto bytes = read_idx(folder + "/" + set + "-images-idx3-ubyte.gz", 16, count * pixels);
  Images images;
  for (const std::uint8_t byte : bytes) images.values.push_back(static_cast<float>(byte) / 255);
  images.labels = read_idx(folder + "/" + set + "-labels-idx1-ubyte.gz", 8, count);
  return images;
}

class SoftmaxRegression {
 public:
  /// The probabilities of the classes.
  std::array<float, classes> predict(const float* image) const {
    std::array<float, classes> scores = bias_;
    for (std::size_t c = 0; c < classes; ++c) {
      const float* row = weights_.data() + c * pixels;
      float sum = 0;
      for (std::size_t p = 0; p < pixels; ++p) sum += row[p] * image[p];
      scores[c] += sum;
    }
    const float top = *std::max_element(scores.begin(), scores.end());
    float total = 0;
    for (float& score : scores) total += score = std::exp(score - top);
    for (float& score : scores) score /= total;
    return scores;
  }

  /// One step of stochastic gradient descent with weight decay.
  void learn(const float* image, std::uint8_t label, float lr, float decay) {
    const std::array<float, classes> predicted = predict(image);
    for (std::size_t c = 0; c < classes; ++c) {
      const float error = predicted[c] - (c == label ? 1.0F : 0.0F);
      float* row = weights_.data() + c * pixels;
      for (std::size_t p = 0; p < pixels; ++p) row[p] -= lr * (error * image[p] + decay * row[p]);
      bias_[c] -= lr * error;
    }
  }

  double loss(const Images& images) const {
    double sum = 0;
    for (std::size_t i = 0; i < images.labels.size(); ++i) {
      sum -= std::log(std::max(predict(images.image(i))[images.labels[i]], 1e-12F));
    }
    return sum / static_cast<double>(images.labels.size());
  }

 private:
  std::vector<float> weights_ = std::vector<float>(classes * pixels);
  std::array<float, classes> bias_ = {};
};

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist";
  Images training;
  Images test;
  try {
    training = read_images(folder, "train", 2000);
    test = read_images(folder, "t10k", 1000);
  } catch (const std::exception& error) {
    std::cerr << error.what() << ": install dataset-fashion-mnist, or give its folder\n";
    return 77;
  }

  const auto train = [&](const ts::TrialRun& run, const ts::TrialReporter& reporter) {
    const auto lr = static_cast<float>(run.configuration.number("lr"));
    const auto decay = static_cast<float>(run.configuration.number("decay"));
    SoftmaxRegression model;
    std::mt19937 order(1);
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      for (std::size_t i = 0; i < training.labels.size(); ++i) {
        const std::size_t pick = order() % training.labels.size();
        model.learn(training.image(pick), training.labels[pick], lr, decay);
      }
      // A loss that is not finite fails the trial, as it should.
      if (reporter.report(epoch, {{"loss", model.loss(test)}}) != ts::Decision::keep_going) break;
    }
    return ts::TrialResult{};  // what was reported counts
  };

  ts::Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1, .scale = ts::Scale::log})
      .add_float("decay", {.min = 1e-6, .max = 1e-2, .scale = ts::Scale::log});
  ts::Study study({.problem = {.space = space, .objectives = {{.metric = "loss"}}},
                   .stopping_rules = {ts::median_rule()}});
  ts::Tuner tuner(study, ts::thread_pool_executor(train, {.max_parallel = 2}),
                  {.budget = {.max_trials = 14}});
  const ts::TuningResult result = tuner.run();

  const ts::StudyView& view = result.view;
  std::size_t reports = 0;
  for (ts::TrialId id = 0; id < static_cast<ts::TrialId>(view.size()); ++id) {
    reports += view.trial(id).reports.size();
  }
  std::cout << result.explanation << "\nbest loss on test images below 0.75: " << std::boolalpha
            << (*view.objective(view.trial(*view.best())) < 0.75)
            << "\nsome were stopped early: " << (view.count(ts::TrialState::stopped) > 0)
            << "\nepochs saved: " << (reports < view.size() * epochs) << "\n";
}
