#include "search/genome.hpp"

#include <algorithm>
#include <cmath>

#include "space/codec.hpp"

namespace tunesmith {
namespace {

constexpr double step_deviation = 0.2;
constexpr double crossover_probability = 0.9;
constexpr double crossover_index = 15;
constexpr double mutation_index = 20;

double reflected(double x) {
  const double t = std::fmod(std::fabs(x), 2.0);
  return t > 1 ? 2 - t : t;
}

/// Polynomial mutation within [0, 1], the ends taken into account (Deb & Agrawal, "A niched-penalty
/// approach for constraint handling in genetic algorithms", 1999).
double polynomial(double x, double u) {
  const double power = mutation_index + 1;
  const double toward = u < 0.5 ? x : 1 - x;
  const double part = u < 0.5 ? 2 * u : 2 * (1 - u);
  const double step = 1 - std::pow(part + (1 - part) * std::pow(1 - toward, power), 1 / power);
  return std::clamp(u < 0.5 ? x - step : x + step, 0.0, 1.0);
}

double simulated_binary(double a, double b, RandomStream& random) {
  const double u = random.uniform();
  const double spread = u < 0.5 ? std::pow(2 * u, 1 / (crossover_index + 1))
                                : std::pow(2 * (1 - u), -1 / (crossover_index + 1));
  const double sign = random.uniform() < 0.5 ? 1 : -1;
  return std::clamp((a + b) / 2 + sign * spread * (a - b) / 2, 0.0, 1.0);
}

}  // namespace

Genome::Genome(const Space& space) : space_(space) {
  std::size_t coordinate = 0;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.type == ParameterType::fixed) continue;
    const std::size_t here = coordinate++;
    const auto values = parameter.cardinality();
    if (values == std::uint64_t{1}) continue;
    genes_.push_back({.parameter = &parameter,
                      .coordinate = here,
                      .is_choice = parameter.type == ParameterType::categorical,
                      .has_cells = values.has_value()});
  }
}

Genome::Point Genome::point_of(const Configuration& configuration, RandomStream& random) const {
  Point point = space_.encode(configuration);
  for (const Gene& gene : genes_) {
    if (!configuration.contains(gene.parameter->name)) point[gene.coordinate] = random.uniform();
  }
  return point;
}

double Genome::other_cell(const Gene& gene, double before, double after) {
  const Parameter& parameter = *gene.parameter;
  const auto index = parameter.index_of(decode_value(parameter, before));
  if (!index || decode_value(parameter, after) != parameter.value_at(*index)) return after;
  const bool up = *index == 0 || (after >= before && *index + 1 < *parameter.cardinality());
  return encode_value(parameter, parameter.value_at(up ? *index + 1 : *index - 1));
}

double Genome::other_choice(const Gene& gene, double before, RandomStream& random) {
  const auto count = static_cast<std::uint64_t>(gene.parameter->choices.size());
  const double share = std::floor(before * static_cast<double>(count));
  const std::uint64_t now = std::min(count - 1, static_cast<std::uint64_t>(share));
  const std::uint64_t other = (now + 1 + random.below(count - 1)) % count;
  return (static_cast<double>(other) + 0.5) / static_cast<double>(count);
}

void Genome::change_one(Point& point, RandomStream& random) const {
  const Configuration configuration = space_.decode(point);
  std::vector<const Gene*> active;
  for (const Gene& gene : genes_) {
    if (configuration.contains(gene.parameter->name)) active.push_back(&gene);
  }
  if (active.empty()) return;
  const Gene& gene = *active[random.below(active.size())];
  double& at = point[gene.coordinate];
  if (gene.is_choice) {
    at = other_choice(gene, at, random);
    return;
  }
  const double after = reflected(at + step_deviation * random.normal());
  at = gene.has_cells ? other_cell(gene, at, after) : after;
}

Genome::Point Genome::child_of(const Point& a, const Point& b, RandomStream& random) const {
  Point child = a;
  if (random.uniform() < crossover_probability) {
    for (const Gene& gene : genes_) {
      const std::size_t k = gene.coordinate;
      if (random.uniform() < 0.5) continue;
      child[k] = gene.is_choice ? b[k] : simulated_binary(a[k], b[k], random);
    }
  }
  for (const Gene& gene : genes_) {
    if (random.uniform() * static_cast<double>(genes_.size()) >= 1) continue;
    double& at = child[gene.coordinate];
    if (gene.is_choice) {
      at = other_choice(gene, at, random);
    } else {
      const double after = polynomial(at, random.uniform());
      at = gene.has_cells ? other_cell(gene, at, after) : after;
    }
  }
  return child;
}

}  // namespace tunesmith
