from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import JobParts


class CreateDataset(BaseModel):
    create_dataset: "CreateDatasetCreateDataset"


class CreateDatasetCreateDataset(BaseModel):
    dataset: Optional["CreateDatasetCreateDatasetDataset"]
    version: Optional["CreateDatasetCreateDatasetVersion"]
    job: Optional["CreateDatasetCreateDatasetJob"]
    user_errors: list["CreateDatasetCreateDatasetUserErrors"]


class CreateDatasetCreateDatasetDataset(BaseModel):
    id: str
    name: str


class CreateDatasetCreateDatasetVersion(BaseModel):
    id: str
    number: int


CreateDatasetCreateDatasetJob = JobParts


class CreateDatasetCreateDatasetUserErrors(BaseModel):
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


CreateDataset.model_rebuild()
CreateDatasetCreateDataset.model_rebuild()
