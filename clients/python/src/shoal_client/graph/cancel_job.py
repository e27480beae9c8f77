from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import JobParts


class CancelJob(BaseModel):
    cancel_job: "CancelJobCancelJob"


class CancelJobCancelJob(BaseModel):
    job: Optional["CancelJobCancelJobJob"]
    user_errors: list["CancelJobCancelJobUserErrors"]


CancelJobCancelJobJob = JobParts


class CancelJobCancelJobUserErrors(BaseModel):
    typename__: Literal[
        "AlreadyExistsError",
        "ConflictError",
        "DeniedError",
        "GoldenFailedError",
        "IdempotencyMismatchError",
        "IllegalStateError",
        "NotFoundError",
        "QuotaError",
        "QuotaExceededError",
        "UploadError",
        "UserError",
        "ValidationError",
    ] = Field(alias="__typename")
    code: str
    message: str
    path: list[str]


CancelJob.model_rebuild()
CancelJobCancelJob.model_rebuild()
