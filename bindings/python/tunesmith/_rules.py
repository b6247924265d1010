"""The stopping rules beside the median, as functions with the options of make_stopping_rule."""

from ._tunesmith import make_stopping_rule


def _made(name, **options):
    """None stands for an option that is not given."""
    return make_stopping_rule(name, **{key: value for key, value in options.items() if value is not None})


def percentile_rule(*, percentile=25, min_trials=5, min_levels=1):
    """As median_rule with another share: a trial has to be among the best so many percent to go on.

    percentile -- the share, above 0 and below 100
    min_trials -- completed trials to compare with before anything is stopped, at least 1
    min_levels -- resource levels a trial reports before it may be stopped, at least 1

    >>> import tunesmith
    >>> tunesmith.percentile_rule(percentile=10).name()
    'percentile'
    """
    return _made("percentile", percentile=percentile, min_trials=min_trials, min_levels=min_levels)


def patience_rule(*, levels=10, min_delta=0):
    """Stops a trial that no longer improves on its own best.

    levels -- levels in a row without improvement, at least 1
    min_delta -- least difference that counts as an improvement, in the objective's unit

    >>> import tunesmith
    >>> tunesmith.patience_rule(levels=5).name()
    'patience'
    """
    return _made("patience", levels=levels, min_delta=min_delta)


def threshold_rule(*, metric="", lower=None, upper=None, min_level=0):
    """Stops a trial whose metric leaves its bounds, or is NaN.

    metric -- by default the first objective
    lower -- the metric has to be at least this; one of lower and upper is needed
    upper -- the metric has to be at most this
    min_level -- reports below this level are not judged

    >>> import tunesmith
    >>> tunesmith.threshold_rule(upper=10).name()
    'threshold'
    """
    return _made("threshold", metric=metric, lower=lower, upper=upper, min_level=min_level)


def extrapolation_rule(*, probability=0.05, min_levels=4, min_trials=1, max_level=0):
    """Extrapolates a trial's curve to its last level and stops it when it will hardly beat the best completed one.

    probability -- a trial is stopped once beating the best is less probable
    min_levels -- levels a trial reports before it may be stopped, at least 3
    min_trials -- completed trials to beat before anything is stopped, at least 1
    max_level -- level at which trials end; 0: the highest that a completed trial has reported

    >>> import tunesmith
    >>> tunesmith.extrapolation_rule(probability=0.01).name()
    'extrapolation'
    """
    return _made(
        "extrapolation",
        probability=probability,
        min_levels=min_levels,
        min_trials=min_trials,
        max_level=max_level,
    )


def wilcoxon_rule(*, p_threshold=0.1, min_levels=2):
    """For folds reported as levels: stops a trial that is worse than the best one on those
    that both have, by the signed-rank test.

    p_threshold -- a trial is stopped once the test's p value is below
    min_levels -- levels in common with the best before a trial may be stopped, at least 1

    >>> import tunesmith
    >>> tunesmith.wilcoxon_rule(p_threshold=0.05).name()
    'wilcoxon'
    """
    return _made("wilcoxon", p_threshold=p_threshold, min_levels=min_levels)


def loss_not_decreasing_rule(
    *, metric="", num_steps=10, diff_percent=0.1, increase_threshold_percent=5, action="stop_trial"
):
    """A loss no longer falls.

    metric -- by default the first objective
    num_steps -- the loss is held against what it was so many levels before
    diff_percent -- by how many percent it has to fall in that time
    increase_threshold_percent -- by how many percent it may rise without waiting for num_steps
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.loss_not_decreasing_rule(num_steps=20, action="notify").name()
    'loss_not_decreasing'
    """
    return _made(
        "loss_not_decreasing",
        metric=metric,
        num_steps=num_steps,
        diff_percent=diff_percent,
        increase_threshold_percent=increase_threshold_percent,
        action=action,
    )


def overfit_rule(
    train_metric, *, validation_metric="", start_step=0, patience=1, ratio_threshold=0.1, action="stop_trial"
):
    """Validation falls behind training.

    train_metric -- metric of the training data
    validation_metric -- by default the first objective
    start_step -- levels below are not judged
    patience -- levels in a row above the ratio, at least 1
    ratio_threshold -- by how much validation may be worse, as a share of the training value
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.overfit_rule("train_loss").name()
    'overfit'
    """
    return _made(
        "overfit",
        train_metric=train_metric,
        validation_metric=validation_metric,
        start_step=start_step,
        patience=patience,
        ratio_threshold=ratio_threshold,
        action=action,
    )


def overtraining_rule(
    *,
    train_metric="",
    validation_metric="",
    patience_train=5,
    patience_validation=10,
    delta=0.01,
    action="stop_trial",
):
    """Training goes on though a loss has reached its plateau.

    train_metric -- metric of the training data; by default it is not looked at
    validation_metric -- by default the first objective
    patience_train -- levels in a row without improvement in training that are too many
    patience_validation -- levels in a row without improvement in validation that are too many
    delta -- least difference that counts as an improvement
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.overtraining_rule(delta=0.001).name()
    'overtraining'
    """
    return _made(
        "overtraining",
        train_metric=train_metric,
        validation_metric=validation_metric,
        patience_train=patience_train,
        patience_validation=patience_validation,
        delta=delta,
        action=action,
    )


def exploding_tensor_rule(*, metric="", only_nan=False, threshold=None, action="stop_trial"):
    """A metric is NaN, infinite, or too large.

    metric -- by default every one
    only_nan -- infinities are fine
    threshold -- largest absolute value; None: any finite one
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.exploding_tensor_rule(metric="grad_norm", threshold=1e4).name()
    'exploding_tensor'
    """
    return _made("exploding_tensor", metric=metric, only_nan=only_nan, threshold=threshold, action=action)


def vanishing_gradient_rule(metric, *, threshold=1e-7, action="stop_trial"):
    """A gradient is all but zero.

    metric -- metric that holds a gradient's norm or mean absolute value
    threshold -- its least absolute value
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.vanishing_gradient_rule("grad_norm").name()
    'vanishing_gradient'
    """
    return _made("vanishing_gradient", metric=metric, threshold=threshold, action=action)


def dead_relu_rule(metric, *, threshold_layer=50, action="stop_trial"):
    """Too many units are dead.

    metric -- metric that holds the share of dead units, in percent
    threshold_layer -- the largest share, in percent
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.dead_relu_rule("dead_units").name()
    'dead_relu'
    """
    return _made("dead_relu", metric=metric, threshold_layer=threshold_layer, action=action)


def saturated_activation_rule(metric, *, threshold_layer=50, action="stop_trial"):
    """Too many units are saturated.

    metric -- metric that holds the share of saturated units, in percent
    threshold_layer -- the largest share, in percent
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.saturated_activation_rule("saturated_units").name()
    'saturated_activation'
    """
    return _made("saturated_activation", metric=metric, threshold_layer=threshold_layer, action=action)


def stalled_training_rule(*, threshold=1800, action="stop_trial"):
    """A running trial reports nothing for a time. Noticed by a Tuner, or by whoever calls Study.refresh.

    threshold -- longest time without a report, in seconds
    action -- "stop_trial", "stop_study" or "notify": what is to be done

    >>> import tunesmith
    >>> tunesmith.stalled_training_rule(threshold=600).name()
    'stalled_training'
    """
    return _made("stalled_training", threshold=threshold, action=action)
