"""The estimator HuggingFace, as in sagemaker.huggingface."""

from .estimator import HuggingFace

__all__ = ["HuggingFace"]
