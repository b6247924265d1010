"""Which arguments of the SDK's estimators mean something here."""

from __future__ import annotations

import difflib
import os
import sys
import warnings
from collections.abc import Mapping
from typing import Any

USED = frozenset(
    """base_job_name container_log_level dependencies entry_point environment hyperparameters max_run
    metric_definitions model_channel_name model_uri output_path sagemaker_session source_dir tags""".split()
)
"""Arguments that are acted upon."""

_WITHOUT_MEANING = """checkpoint_local_path checkpoint_s3_uri code_location compiler_config container_arguments
container_entry_point debugger_hook_config distribution enable_infra_check enable_network_isolation
enable_remote_debug enable_sagemaker_metrics enable_session_tag_chaining encrypt_inter_container_traffic
framework_version git_config image_name image_uri image_uri_region instance_count instance_groups
instance_placement_config instance_type keep_alive_period_in_seconds max_retry_attempts max_wait model_dir
output_kms_key profiler_config py_version pytorch_version recipe_overrides role rules script_mode
security_group_ids subnets tensorboard_output_config tensorflow_version train_instance_count train_instance_type
train_max_run train_max_wait train_use_spot_instances train_volume_size training_plan training_recipe
training_repository_access_mode training_repository_credentials_provider_arn transformers_version
volume_kms_key""".split()

IGNORED: dict[str, Any] = {
    **dict.fromkeys(_WITHOUT_MEANING),
    "disable_output_compression": False,
    "disable_profiler": False,
    "input_mode": "File",
    "use_spot_instances": False,
    "volume_size": 30,
}
"""Arguments that are taken and have no meaning here, with the values that go without saying."""


class IgnoredArgumentsWarning(UserWarning):
    """Names the arguments of an estimator that have no meaning on this machine.

    >>> import warnings
    >>> from tunesmith.sagemaker import IgnoredArgumentsWarning
    >>> warnings.simplefilter("ignore", IgnoredArgumentsWarning)  # once they are known
    """


def split(name: str, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that are used, and the ignored ones that were given. Raises TypeError for unknown ones."""
    used: dict[str, Any] = {}
    ignored: dict[str, Any] = {}
    for key, value in arguments.items():
        if key in USED:
            used[key] = value
        elif key in IGNORED:
            ignored[key] = value
        else:
            near = difflib.get_close_matches(key, [*USED, *IGNORED], 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise TypeError(f"{name}() has no argument {key}{hint}")
    return used, ignored


def tell(name: str, ignored: Mapping[str, Any]) -> None:
    """One warning, at the line of the program, that names what was given without a meaning."""
    names = [key for key, value in ignored.items() if value is not None and value != IGNORED[key]]
    if names:
        warnings.warn(
            f"{name}: training runs on this machine, so these arguments have no meaning: {', '.join(names)}",
            IgnoredArgumentsWarning,
            stacklevel=_depth_of_caller(),
        )


def _depth_of_caller() -> int:
    """How many calls up the program is that called this package."""
    package = os.path.join(os.path.dirname(__file__), "")
    frame = sys._getframe(1)
    depth = 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(package):
        frame = frame.f_back
        depth += 1
    return depth
