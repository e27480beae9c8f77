from typing import Optional

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    JobParts,
    JobPartsFailure,
    JobPartsWaitingFor,
    OperationParts,
    VersionParts,
)


class GetJob(BaseModel):
    job: Optional["GetJobJob"]


class GetJobJob(JobParts):
    model_version: Optional["GetJobJobModelVersion"]
    operation: Optional["GetJobJobOperation"]


GetJobJobModelVersion = VersionParts
GetJobJobOperation = OperationParts
GetJob.model_rebuild()
GetJobJob.model_rebuild()
