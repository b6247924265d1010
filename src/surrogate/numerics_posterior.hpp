#pragma once

// Included by numerics_kernels.hpp only: the posterior at batches of points. Points stand in the
// lanes of packets, up to `most_packets` of them in a panel, and every data row meets all of a
// panel at once: what is computed for a point does not depend on its neighbours.

#include "surrogate/numerics_packets.hpp"

namespace tunesmith {
namespace {

constexpr int most_packets = 3;
// Rows of the factor at a time: with three packets each, as many sums as there are registers for.
constexpr int group_rows = static_cast<int>(width);

Index group_end(Index first, Index n) { return first + group_rows < n ? first + group_rows : n; }

Index packed_size(Index n) {
  Index size = 0;
  for (Index first = 0; first < n; first += group_rows) size += group_rows * group_end(first, n);
  return size;
}

// The rows of a lower triangle by groups, each from column 0 to the diagonal, a group's entries of
// one column together; zeros where the triangle has nothing.
void pack(ConstBlock lower, double* packed) {
  const Index n = lower.rows;
  for (Index first = 0; first < n; first += group_rows)
    for (Index k = 0; k < group_end(first, n); ++k)
      for (Index r = first; r < first + group_rows; ++r)
        *packed++ = r < n && k <= r ? lower.data[r + k * lower.stride] : 0.0;
}

Index padded(Index points) { return (points + width - 1) / width * width; }

// sum[r] = Σ_k left(r, k)·right(k) over `count` rows of a panel.
template <int rows, int packets>
EIGEN_STRONG_INLINE void accumulate(const double* left, Index next_row, Index next, Index count,
                                    const double* right, Packet (&sum)[rows][packets]) {
  // Sums of the function's own stay in registers; those of the caller would be stored every time.
  Packet own[rows][packets];
  for (int r = 0; r < rows; ++r)
    for (int p = 0; p < packets; ++p) own[r][p] = all(0);
  for (Index k = 0; k < count; ++k) {
    // Single variables: compilers keep a small array in memory.
    const double* from = right + k * packets * width;
    const Packet first = load(from);
    const Packet second = packets > 1 ? load(from + width) : first;
    const Packet third = packets > 2 ? load(from + 2 * width) : first;
    for (int r = 0; r < rows; ++r) {
      const Packet l = all(left[r * next_row + k * next]);
      own[r][0] = internal::pmadd(l, first, own[r][0]);
      if constexpr (packets > 1) own[r][1] = internal::pmadd(l, second, own[r][1]);
      if constexpr (packets > 2) own[r][2] = internal::pmadd(l, third, own[r][2]);
    }
  }
  for (int r = 0; r < rows; ++r)
    for (int p = 0; p < packets; ++p) sum[r][p] = own[r][p];
}

// scale·g(r²) between the first `count` rows of data, a column each, and a panel of points, and
// s²g' where `slope` is not null.
template <int packets>
void correlate_panel(const Matrix& rows, const Vector& norms, Index count, const Matrix& points,
                     double scale, double* panel, double* slope, Index slope_stride) {
  const Vector point_norms = points.rowwise().squaredNorm();
  for (Index i = 0; i < count; ++i) {
    const double* row = rows.data() + i * rows.rows();
    Packet sum[packets];
    for (int p = 0; p < packets; ++p) sum[p] = all(0);
    for (Index k = 0; k < rows.rows(); ++k)
      for (int p = 0; p < packets; ++p)
        sum[p] =
            internal::pmadd(all(row[k]), load(points.data() + (k * packets + p) * width), sum[p]);
    for (int p = 0; p < packets; ++p) {
      const Packet norm = internal::padd(all(norms[i]), load(point_norms.data() + p * width));
      const Packet squared = internal::psub(norm, internal::padd(sum[p], sum[p]));
      const Matern m = matern(internal::pmax(squared, all(0)), scale);
      store(m.value, panel + (i * packets + p) * width);
      if (slope != nullptr) store(m.slope, slope + p * width + i * slope_stride);
    }
  }
}

template <int packets>
class Panel {
 public:
  static constexpr Index lanes = packets * width;

  Panel(const Posterior& posterior, ConstBlock points, Index first)
      : posterior_(posterior),
        first_(first),
        count_(points.rows - first < lanes ? points.rows - first : lanes),
        points_(Matrix::Zero(lanes, points.columns)) {
    points_.topRows(count_) = map(points).middleRows(first, count_);
  }

  void predict(const Matrix& rows, const Vector& norms, double* panel, Block mean, Block explained,
               Block solved, Block slope) const {
    correlate_panel<packets>(rows, norms, rows.cols(), points_, posterior_.signal, panel,
                             slope.data == nullptr ? nullptr : slope.data + first_, slope.stride);
    Index f = 0;
    for (; f + 4 <= mean.columns; f += 4) means<4>(panel, f, mean);
    for (; f < mean.columns; ++f) means<1>(panel, f, mean);
    const Index n = posterior_.coordinates.columns;
    const double* left = posterior_.inverse_factor;
    Packet squares[packets];
    for (int p = 0; p < packets; ++p) squares[p] = all(0);
    for (Index first = 0; first < n; first += group_rows) {
      const Index end = group_end(first, n);
      Packet sum[group_rows][packets];
      accumulate<group_rows, packets>(left, 1, group_rows, end, panel, sum);
      left += group_rows * end;
      for (int r = 0; r < group_rows; ++r)
        for (int p = 0; p < packets; ++p) {
          squares[p] = internal::pmadd(sum[r][p], sum[r][p], squares[p]);
          if (solved.data != nullptr && first + r < n)
            store(sum[r][p], solved.data + first_ + p * width + (first + r) * solved.stride);
        }
    }
    keep(squares, explained, 0);
  }

  void pull_back(double* panel, ConstBlock solved, ConstBlock slope, ConstBlock by_mean,
                 ConstBlock by_explained, Block gradient) const {
    const Index n = posterior_.coordinates.columns;
    solve_transposed(solved, panel);
    const Matrix weights = padded_rows(by_mean);
    const Matrix shrink = 2.0 * padded_rows(by_explained);
    Packet total[packets];
    for (int p = 0; p < packets; ++p) total[p] = all(0);
    for (Index i = 0; i < n; ++i)
      for (int p = 0; p < packets; ++p) {
        double* at = panel + (i * packets + p) * width;
        Packet sum = internal::pmul(load(shrink.data() + p * width), load(at));
        for (Index f = 0; f < by_mean.columns; ++f)
          sum = internal::pmadd(all(posterior_.alpha.data[i + f * posterior_.alpha.stride]),
                                load(weights.data() + p * width + f * lanes), sum);
        sum = internal::pmul(sum, load(slope.data + first_ + p * width + i * slope.stride));
        store(sum, at);
        total[p] = internal::padd(total[p], sum);
      }
    Index k = 0;
    for (; k + 4 <= gradient.columns; k += 4) slopes<4>(panel, total, k, gradient);
    for (; k < gradient.columns; ++k) slopes<1>(panel, total, k, gradient);
  }

 private:
  template <int count>
  void means(const double* panel, Index f, Block mean) const {
    const ConstBlock alpha = posterior_.alpha;
    Packet sum[count][packets];
    accumulate<count, packets>(alpha.data + f * alpha.stride, alpha.stride, 1, alpha.rows, panel,
                               sum);
    for (int c = 0; c < count; ++c) keep(sum[c], mean, f + c);
  }

  // L⁻ᵀ·solved.
  void solve_transposed(ConstBlock solved, double* panel) const {
    const Index n = posterior_.coordinates.columns;
    for (Index i = 0; i < n * lanes; ++i) panel[i] = 0;
    const double* left = posterior_.inverse_factor;
    for (Index first = 0; first < n; first += group_rows) {
      Packet v[group_rows][packets];
      for (int r = 0; r < group_rows; ++r)
        for (int p = 0; p < packets; ++p)
          v[r][p] = first + r < n
                        ? load(solved.data + first_ + p * width + (first + r) * solved.stride)
                        : all(0);
      for (Index k = 0; k < group_end(first, n); ++k, left += group_rows)
        for (int p = 0; p < packets; ++p) {
          double* at = panel + (k * packets + p) * width;
          Packet even = load(at);
          Packet odd = all(0);
          for (int r = 0; r < group_rows; ++r) {
            Packet& sum = r % 2 == 0 ? even : odd;
            sum = internal::pmadd(all(left[r]), v[r][p], sum);
          }
          store(internal::padd(even, odd), at);
        }
    }
  }

  // Gradients by `count` coordinates: 2·(z·Σ c_i − Σ c_i z_i).
  template <int count>
  void slopes(const double* panel, const Packet (&total)[packets], Index k, Block gradient) const {
    const ConstBlock rows = posterior_.coordinates;
    Packet sum[count][packets];
    accumulate<count, packets>(rows.data + k, 1, rows.stride, rows.columns, panel, sum);
    for (int c = 0; c < count; ++c) {
      for (int p = 0; p < packets; ++p) {
        const Packet here = load(points_.data() + (k + c) * lanes + p * width);
        sum[c][p] =
            internal::pmul(all(2.0), internal::psub(internal::pmul(here, total[p]), sum[c][p]));
      }
      keep(sum[c], gradient, k + c);
    }
  }

  // The lanes that are points.
  void keep(const Packet (&values)[packets], Block to, Index column) const {
    double buffer[lanes];
    for (int p = 0; p < packets; ++p) store(values[p], buffer + p * width);
    for (Index i = 0; i < count_; ++i) to.data[first_ + i + column * to.stride] = buffer[i];
  }

  Matrix padded_rows(ConstBlock values) const {
    Matrix out = Matrix::Zero(lanes, values.columns);
    out.topRows(count_) = map(values).middleRows(first_, count_);
    return out;
  }

  const Posterior& posterior_;
  Index first_;
  Index count_;
  Matrix points_;
};

template <typename Visit>
void for_panels(Index points, const Visit& visit) {
  for (Index first = 0; first < points;) {
    const Index left = points - first;
    if (left > 2 * width) {
      visit.template operator()<3>(first);
      first += 3 * width;
    } else if (left > width) {
      visit.template operator()<2>(first);
      first += 2 * width;
    } else {
      visit.template operator()<1>(first);
      first += width;
    }
  }
}

void predict(const Posterior& posterior, ConstBlock points, Block mean, Block explained,
             Block solved, Block slope) {
  const Matrix rows = map(posterior.coordinates);
  const Vector norms = rows.colwise().squaredNorm();
  Matrix panel(most_packets * width, rows.cols());
  for_panels(points.rows, [&]<int packets>(Index first) {
    Panel<packets>(posterior, points, first)
        .predict(rows, norms, panel.data(), mean, explained, solved, slope);
  });
}

void pull_back(const Posterior& posterior, ConstBlock points, ConstBlock solved, ConstBlock slope,
               ConstBlock by_mean, ConstBlock by_explained, Block gradient) {
  Matrix panel(most_packets * width, posterior.coordinates.columns);
  for_panels(points.rows, [&]<int packets>(Index first) {
    Panel<packets>(posterior, points, first)
        .pull_back(panel.data(), solved, slope, by_mean, by_explained, gradient);
  });
}

}  // namespace
}  // namespace tunesmith
