#pragma once

// Included by numerics_kernels.hpp only: the likelihood of a Gaussian process and its gradient.
// Every step is the one product `accumulate` of a group of rows or columns with a panel: rows of
// the covariance against the rows above them (Cholesky's method, row by row), columns of L⁻¹
// against the factor, columns of L⁻¹ against each other.

#include "surrogate/numerics_posterior.hpp"

namespace tunesmith {
namespace {

constexpr Index most_lanes = most_packets * width;

Index whole_groups(Index n) { return (n + group_rows - 1) / group_rows * group_rows; }

// Where the groups of a packed triangle begin.
Index group_offset(Index first) { return first * (first + group_rows) / 2; }

// x = L_JJ⁻¹(x − sum) for the rows of one group, `left` being its columns on the diagonal.
template <int packets>
EIGEN_STRONG_INLINE void substitute(const double* left, const double* inverse_diagonal,
                                    Packet (&sum)[group_rows][packets], double* x) {
  for (int r = 0; r < group_rows; ++r)
    for (int p = 0; p < packets; ++p) {
      Packet value = internal::psub(load(x + (r * packets + p) * width), sum[r][p]);
      for (int q = 0; q < r; ++q)
        value = internal::pmadd(all(-left[q * group_rows + r]), sum[q][p], value);
      sum[r][p] = internal::pmul(value, all(inverse_diagonal[r]));
      store(sum[r][p], x + (r * packets + p) * width);
    }
}

class LikelihoodWork {
 public:
  static Index size(Index n) {
    const Index whole = whole_groups(n);
    return whole * most_lanes + group_offset(whole) + 2 * panels_size(whole) + whole;
  }

  LikelihoodWork(Likelihood& task, double* work)
      : task_(task),
        n_(task.rows.rows),
        whole_(whole_groups(n_)),
        scratch_(work),
        factor_(scratch_ + whole_ * most_lanes),
        slopes_(factor_ + group_offset(whole_)),
        inverse_(slopes_ + panels_size(whole_)),
        inverse_diagonal_(inverse_ + panels_size(whole_)),
        coordinates_(map(task.rows).transpose()),
        norms_(coordinates_.colwise().squaredNorm()),
        alpha_(Vector::Zero(n_ + most_lanes)) {}

  bool run() {
    bool definite = true;
    for_panels(n_,
               [&]<int packets>(Index first) { definite = definite && factor<packets>(first); });
    if (!definite) return false;
    whiten();
    for_panels(n_, [&]<int packets>(Index first) { invert<packets>(first); });
    for_panels(n_, [&]<int packets>(Index first) { apply_transposed<packets>(first); });
    Matrix sums = Matrix::Zero(most_lanes, coordinates_.rows());
    for_panels(n_, [&]<int packets>(Index first) { weigh<packets>(first, sums); });
    for (Index c = 0; c < sums.cols(); ++c) {
      double sum = 0;
      for (Index l = 0; l < most_lanes; ++l) sum += sums(l, c);
      task_.by_log_weight[c] = sum;
    }
    return true;
  }

 private:
  // All panels of a triangle, each with every row or column that it can need.
  static Index panels_size(Index whole) {
    return (whole + most_lanes) * (whole + 2 * most_lanes) / 2 + most_lanes * most_lanes;
  }
  // Every panel but the last is of full width.
  static Index panel_offset(Index first) { return first * (first + most_lanes) / 2; }
  Index inverse_offset(Index first) const {
    return first * whole_ - first * (first - most_lanes) / 2;
  }

  template <int packets>
  bool factor(Index first) {
    constexpr Index lanes = packets * width;
    const Index last = first + lanes < n_ ? first + lanes : n_;
    Matrix points = Matrix::Zero(lanes, task_.rows.columns);
    points.topRows(last - first) = map(task_.rows).middleRows(first, last - first);
    correlate_panel<packets>(coordinates_, norms_, last, points, task_.signal, scratch_,
                             slopes_ + panel_offset(first), lanes);
    for (Index i = last * lanes; i < (first + lanes) * lanes; ++i) scratch_[i] = 0;
    for (Index l = 0; l < lanes; ++l)
      scratch_[(first + l) * lanes + l] =
          first + l < n_ ? task_.signal + task_.diagonal[first + l] : 1;
    for (Index l = last - first; l < lanes; ++l)
      for (Index k = 0; k < last; ++k) scratch_[k * lanes + l] = 0;
    for (Index group = 0; group < first; group += group_rows)
      substitute_group<packets>(group, 0, scratch_);
    for (Index group = 0; group < lanes; group += group_rows) {
      Packet sum[group_rows][packets];
      accumulate<group_rows, packets>(scratch_ + group, 1, lanes, first, scratch_, sum);
      double* to = scratch_ + (first + group) * lanes;
      for (int r = 0; r < group_rows; ++r)
        for (int p = 0; p < packets; ++p, to += width)
          store(internal::psub(load(to), sum[r][p]), to);
    }
    if (!factor_diagonal<packets>(first)) return false;
    for (Index row = first; row < first + lanes; ++row) {
      const Index group = row - row % group_rows;
      double* to = factor_ + group_offset(group) + row % group_rows;
      for (Index k = 0; k < group + group_rows; ++k)
        to[k * group_rows] = k <= row ? scratch_[k * lanes + row - first] : 0.0;
    }
    return true;
  }

  // The square on the diagonal, column by column.
  template <int packets>
  bool factor_diagonal(Index first) {
    constexpr Index lanes = packets * width;
    double* block = scratch_ + first * lanes;
    for (Index j = 0; j < lanes; ++j) {
      double* column = block + j * lanes;
      const double pivot = column[j];
      // Not a number is no pivot either.
      if (!(pivot > 0) || !(pivot < Eigen::NumTraits<double>::highest())) return false;
      const double root = Eigen::numext::sqrt(pivot);
      const double inverse = 1 / root;
      inverse_diagonal_[first + j] = inverse;
      if (first + j < n_) task_.factor_diagonal[first + j] = root;
      Packet scaled[packets];
      for (int p = 0; p < packets; ++p) {
        scaled[p] = internal::pmul(load(column + p * width), all(inverse));
        store(scaled[p], column + p * width);
      }
      for (Index q = j + 1; q < lanes; ++q) {
        const Packet factor = all(-column[q]);
        double* to = block + q * lanes;
        for (int p = 0; p < packets; ++p)
          store(internal::pmadd(factor, scaled[p], load(to + p * width)), to + p * width);
      }
    }
    return true;
  }

  // One group of L⁻¹ times a panel that starts at row `start`.
  template <int packets>
  EIGEN_STRONG_INLINE void substitute_group(Index group, Index start, double* panel) const {
    const double* left = factor_ + group_offset(group);
    Packet sum[group_rows][packets];
    accumulate<group_rows, packets>(left + start * group_rows, 1, group_rows, group - start, panel,
                                    sum);
    substitute<packets>(left + group * group_rows, inverse_diagonal_ + group, sum,
                        panel + (group - start) * packets * width);
  }

  // L⁻¹z and L⁻¹1, then the profile mean and L⁻¹(z − m).
  void whiten() {
    for (Index i = 0; i < whole_; ++i)
      for (Index l = 0; l < width; ++l)
        scratch_[i * width + l] = i < n_ ? (l == 0 ? task_.outputs[i] : 1.0) : 0.0;
    // With packets of one number there is no second lane.
    Matrix ones;
    if (width == 1) ones = Matrix::Ones(whole_, 1);
    for (Index group = 0; group < whole_; group += group_rows) {
      substitute_group<1>(group, 0, scratch_);
      if (width == 1) substitute_group<1>(group, 0, ones.data());
    }
    const auto one = [&](Index i) {
      return width == 1 ? ones(i, 0) : scratch_[i * width + width - 1];
    };
    double along = 0;
    double ridge = 1;
    for (Index i = 0; i < n_; ++i) {
      along += one(i) * scratch_[i * width];
      ridge += one(i) * one(i);
    }
    task_.mean = along / ridge;
    task_.fit = 0;
    for (Index i = 0; i < whole_; ++i) {
      const double white = i < n_ ? scratch_[i * width] - task_.mean * one(i) : 0.0;
      scratch_[i] = white;
      task_.fit += white * white;
    }
  }

  // Columns of L⁻¹, from the diagonal down.
  template <int packets>
  void invert(Index first) {
    constexpr Index lanes = packets * width;
    double* panel = inverse_ + inverse_offset(first);
    for (Index i = 0; i < (whole_ - first) * lanes; ++i) panel[i] = 0;
    for (Index l = 0; l < lanes && first + l < n_; ++l) panel[l * lanes + l] = 1;
    for (Index group = first; group < whole_; group += group_rows)
      substitute_group<packets>(group, first, panel);
  }

  // α = L⁻ᵀ(L⁻¹(z − m)).
  template <int packets>
  void apply_transposed(Index first) {
    Packet sum[1][packets];
    accumulate<1, packets>(scratch_ + first, 0, 1, whole_ - first, inverse_ + inverse_offset(first),
                           sum);
    for (int p = 0; p < packets; ++p) store(sum[0][p], alpha_.data() + first + p * width);
  }

  // C⁻¹ a tile at a time: M = ααᵀ − C⁻¹, its diagonal, and Σ_{i>j} M∘s²g'·(row_i − row_j)² per
  // coordinate.
  template <int packets>
  void weigh(Index first, Matrix& sums) {
    constexpr Index lanes = packets * width;
    Matrix points = Matrix::Zero(lanes, task_.rows.columns);
    const Index count = first + lanes < n_ ? lanes : n_ - first;
    points.topRows(count) = map(task_.rows).middleRows(first, count);
    const double* here = inverse_ + inverse_offset(first);
    const double* slope = slopes_ + panel_offset(first);
    for (Index group = 0; group < first + count; group += group_rows) {
      const Index start = group < first ? group - group % most_lanes : first;
      const Index stride = group < first ? most_lanes : lanes;
      Packet m[group_rows][packets];
      accumulate<group_rows, packets>(
          inverse_ + inverse_offset(start) + (first - start) * stride + group - start, 1, stride,
          whole_ - first, here, m);
      for (int r = 0; r < group_rows; ++r) {
        const Index j = group + r;
        for (int p = 0; p < packets; ++p)
          m[r][p] = internal::psub(
              internal::pmul(all(alpha_[j]), load(alpha_.data() + first + p * width)), m[r][p]);
        if (j >= n_) {
          for (int p = 0; p < packets; ++p) m[r][p] = all(0);
          continue;
        }
        const bool on_diagonal = j >= first;
        if (on_diagonal || first + lanes > n_) mask<packets>(first, j, m[r]);
        for (int p = 0; p < packets; ++p)
          m[r][p] = internal::pmul(m[r][p], load(slope + (j * packets + p) * width));
      }
      add_squares<packets>(points, group, m, sums);
    }
  }

  // Keeps the lanes of rows below j; notes what stands on the diagonal.
  template <int packets>
  void mask(Index first, Index j, Packet (&m)[packets]) {
    constexpr Index lanes = packets * width;
    double buffer[lanes];
    for (int p = 0; p < packets; ++p) store(m[p], buffer + p * width);
    if (j >= first) task_.weights_diagonal[j] = buffer[j - first];
    for (Index l = 0; l < lanes; ++l)
      if (first + l <= j || first + l >= n_) buffer[l] = 0;
    for (int p = 0; p < packets; ++p) m[p] = load(buffer + p * width);
  }

  template <int packets>
  EIGEN_STRONG_INLINE void add_squares(const Matrix& points, Index group,
                                       const Packet (&h)[group_rows][packets], Matrix& sums) const {
    for (Index c = 0; c < sums.cols(); ++c)
      for (int p = 0; p < packets; ++p) {
        const Packet here = load(points.data() + c * packets * width + p * width);
        double* to = sums.data() + c * most_lanes + p * width;
        Packet sum = load(to);
        for (int r = 0; r < group_rows; ++r) {
          const Index j = group + r < n_ ? group + r : n_ - 1;
          const Packet apart = internal::psub(here, all(coordinates_(c, j)));
          sum = internal::pmadd(internal::pmul(h[r][p], apart), apart, sum);
        }
        store(sum, to);
      }
  }

  Likelihood& task_;
  Index n_;
  Index whole_;
  double* scratch_;
  double* factor_;
  double* slopes_;
  double* inverse_;
  double* inverse_diagonal_;
  Matrix coordinates_;
  Vector norms_;
  Vector alpha_;
};

std::ptrdiff_t likelihood_work(std::ptrdiff_t n) { return LikelihoodWork::size(n); }

bool likelihood(Likelihood& task, double* work) { return LikelihoodWork(task, work).run(); }

}  // namespace
}  // namespace tunesmith
