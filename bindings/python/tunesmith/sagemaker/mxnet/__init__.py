"""The estimator MXNet, as in sagemaker.mxnet."""

from .estimator import MXNet

__all__ = ["MXNet"]
