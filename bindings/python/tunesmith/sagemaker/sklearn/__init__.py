"""The estimator SKLearn, as in sagemaker.sklearn."""

from .estimator import SKLearn

__all__ = ["SKLearn"]
