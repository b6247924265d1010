#pragma once

#include <vector>

namespace tunesmith {

/// The one-sided p value of Wilcoxon's signed-rank test: the probability, were each difference as
/// likely to be negative as positive, that those above 0 weigh at least as much as they do. Ties
/// share their ranks; zeros are ranked, too, and count half for either side (Pratt, JASA 54, 1959).
/// Exact up to 30 differences, by the normal approximation above. 1 for none. O(n log n + 30³).
double signed_rank_p(std::vector<double> differences);

}  // namespace tunesmith
