#pragma once

#include "surrogate/input_warp.hpp"
#include "surrogate/log_posterior.hpp"

namespace tunesmith {

/// The bends of `data.shape.warp`, changed one by one where that raises the log posterior under
/// the given hyperparameters by more than 1, until none does or each was tried twice. Exponents
/// have the priors ln a, ln b ~ N(0, 0.75²) of Snoek et al. (see InputWarp). Blocks of choices stay
/// straight. Some 4 to 12 likelihoods per number.
InputWarp choose_input_warp(TrainingData data, const HyperparameterPrior& prior,
                            const Hyperparameters& hyperparameters);

}  // namespace tunesmith
