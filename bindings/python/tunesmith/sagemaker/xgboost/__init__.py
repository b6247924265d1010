"""The estimator XGBoost, as in sagemaker.xgboost."""

from .estimator import XGBoost

__all__ = ["XGBoost"]
