"""The estimator TensorFlow, as in sagemaker.tensorflow."""

from .estimator import TensorFlow

__all__ = ["TensorFlow"]
