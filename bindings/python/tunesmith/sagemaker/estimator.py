"""Estimators that train on this machine by a script, as in sagemaker.estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._base import EstimatorBase, TrainingJob
from .session import Session

__all__ = ["Estimator", "EstimatorBase", "Framework", "TrainingJob"]


class Estimator(EstimatorBase):
    """Trains by a script of this machine, in SageMaker's script mode.

    entry_point -- the script: a .py file (run by this Python), a .sh file or a program; required
    source_dir -- folder of the script; entry_point is then relative to it
    hyperparameters -- what the script is given as --name value, beside what a tuner searches
    metric_definitions -- [{"Name": ..., "Regex": ...}]: numbers that the script prints; group 1 of the pattern is the
                          number
    environment -- variables added to the script's environment
    dependencies -- folders and files that the script may import
    base_job_name -- what job names begin with; default: the class and "-training"
    output_path -- a folder for the jobs; s3:// is ignored; default: the session's folder
    max_run -- seconds that one training may take, from 1; default a day
    model_uri, model_channel_name -- a model to go on from: a folder, handed over as the channel "model"
    sagemaker_session -- a Session of this package: where jobs lie
    container_log_level -- SM_LOG_LEVEL; default 20
    tags -- kept in the tuning request

    All other arguments of the SDK (role, instance_type, image_uri, ...) are accepted; those given are named in one
    IgnoredArgumentsWarning. Unknown ones raise TypeError. Mistakes in the values are told by fit(), all at once.

    >>> from tunesmith.sagemaker.estimator import Estimator
    >>> estimator = Estimator(entry_point="train.py", hyperparameters={"epochs": 3})
    >>> estimator.hyperparameters()
    {'epochs': '3'}
    """

    def __init__(
        self,
        image_uri: str | None = None,
        role: str | None = None,
        instance_count: int | None = None,
        instance_type: str | None = None,
        keep_alive_period_in_seconds: int | None = None,
        volume_size: int = 30,
        volume_kms_key: str | None = None,
        max_run: int = 86400,
        input_mode: str = "File",
        output_path: str | None = None,
        output_kms_key: str | None = None,
        base_job_name: str | None = None,
        sagemaker_session: Session | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        tags: Any = None,
        subnets: Sequence[str] | None = None,
        security_group_ids: Sequence[str] | None = None,
        model_uri: str | None = None,
        model_channel_name: str = "model",
        metric_definitions: Sequence[Mapping[str, str]] | None = None,
        encrypt_inter_container_traffic: bool | None = None,
        use_spot_instances: bool = False,
        max_wait: int | None = None,
        checkpoint_s3_uri: str | None = None,
        checkpoint_local_path: str | None = None,
        enable_network_isolation: bool | None = None,
        rules: Sequence[Any] | None = None,
        debugger_hook_config: Any = None,
        tensorboard_output_config: Any = None,
        enable_sagemaker_metrics: bool | None = None,
        profiler_config: Any = None,
        disable_profiler: bool = False,
        environment: Mapping[str, str] | None = None,
        max_retry_attempts: int | None = None,
        source_dir: str | None = None,
        git_config: Mapping[str, str] | None = None,
        container_log_level: int = 20,
        code_location: str | None = None,
        entry_point: str | None = None,
        dependencies: Sequence[str] | None = None,
        instance_groups: Sequence[Any] | None = None,
        training_repository_access_mode: str | None = None,
        training_repository_credentials_provider_arn: str | None = None,
        container_entry_point: Sequence[str] | None = None,
        container_arguments: Sequence[str] | None = None,
        disable_output_compression: bool = False,
        enable_infra_check: bool | None = None,
        enable_remote_debug: bool | None = None,
        enable_session_tag_chaining: bool | None = None,
        training_plan: str | None = None,
        instance_placement_config: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            image_uri=image_uri,
            role=role,
            instance_count=instance_count,
            instance_type=instance_type,
            keep_alive_period_in_seconds=keep_alive_period_in_seconds,
            volume_size=volume_size,
            volume_kms_key=volume_kms_key,
            max_run=max_run,
            input_mode=input_mode,
            output_path=output_path,
            output_kms_key=output_kms_key,
            base_job_name=base_job_name,
            sagemaker_session=sagemaker_session,
            hyperparameters=hyperparameters,
            tags=tags,
            subnets=subnets,
            security_group_ids=security_group_ids,
            model_uri=model_uri,
            model_channel_name=model_channel_name,
            metric_definitions=metric_definitions,
            encrypt_inter_container_traffic=encrypt_inter_container_traffic,
            use_spot_instances=use_spot_instances,
            max_wait=max_wait,
            checkpoint_s3_uri=checkpoint_s3_uri,
            checkpoint_local_path=checkpoint_local_path,
            enable_network_isolation=enable_network_isolation,
            rules=rules,
            debugger_hook_config=debugger_hook_config,
            tensorboard_output_config=tensorboard_output_config,
            enable_sagemaker_metrics=enable_sagemaker_metrics,
            profiler_config=profiler_config,
            disable_profiler=disable_profiler,
            environment=environment,
            max_retry_attempts=max_retry_attempts,
            source_dir=source_dir,
            git_config=git_config,
            container_log_level=container_log_level,
            code_location=code_location,
            entry_point=entry_point,
            dependencies=dependencies,
            instance_groups=instance_groups,
            training_repository_access_mode=training_repository_access_mode,
            training_repository_credentials_provider_arn=training_repository_credentials_provider_arn,
            container_entry_point=container_entry_point,
            container_arguments=container_arguments,
            disable_output_compression=disable_output_compression,
            enable_infra_check=enable_infra_check,
            enable_remote_debug=enable_remote_debug,
            enable_session_tag_chaining=enable_session_tag_chaining,
            training_plan=training_plan,
            instance_placement_config=instance_placement_config,
            **kwargs,
        )


class Framework(EstimatorBase):
    """An estimator of a framework; use PyTorch, TensorFlow, SKLearn, XGBoost, MXNet or HuggingFace.

    >>> from tunesmith.sagemaker.estimator import Framework
    >>> Framework("train.py", hyperparameters={"lr": 0.1}).entry_point
    'train.py'
    """

    quotes_categories = True

    def __init__(
        self,
        entry_point: str | None,
        source_dir: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        container_log_level: int = 20,
        code_location: str | None = None,
        image_uri: str | None = None,
        dependencies: Sequence[str] | None = None,
        enable_network_isolation: bool | None = None,
        git_config: Mapping[str, str] | None = None,
        checkpoint_s3_uri: str | None = None,
        checkpoint_local_path: str | None = None,
        enable_sagemaker_metrics: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            entry_point=entry_point,
            source_dir=source_dir,
            hyperparameters=hyperparameters,
            container_log_level=container_log_level,
            code_location=code_location,
            image_uri=image_uri,
            dependencies=dependencies,
            enable_network_isolation=enable_network_isolation,
            git_config=git_config,
            checkpoint_s3_uri=checkpoint_s3_uri,
            checkpoint_local_path=checkpoint_local_path,
            enable_sagemaker_metrics=enable_sagemaker_metrics,
            **kwargs,
        )
