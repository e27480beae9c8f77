from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import JobParts


class StartTraining(BaseModel):
    start_training: "StartTrainingStartTraining"


class StartTrainingStartTraining(BaseModel):
    job: Optional["StartTrainingStartTrainingJob"]
    user_errors: list["StartTrainingStartTrainingUserErrors"]


StartTrainingStartTrainingJob = JobParts


class StartTrainingStartTrainingUserErrors(BaseModel):
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


StartTraining.model_rebuild()
StartTrainingStartTraining.model_rebuild()
