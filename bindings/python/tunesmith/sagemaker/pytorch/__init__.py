"""The estimator PyTorch, as in sagemaker.pytorch."""

from .estimator import PyTorch

__all__ = ["PyTorch"]
