import os
from typing import Any

from . import DynamicStudy, Study, StudyView

__all__ = ["export_study", "import_study"]

def import_study(
    study: Any, *, study_name: str | None = None, storage: str = "memory:", **options: Any
) -> DynamicStudy: ...
def export_study(
    study: DynamicStudy | Study | StudyView, storage: str | os.PathLike[str], *, study_name: str | None = None
) -> Any: ...
