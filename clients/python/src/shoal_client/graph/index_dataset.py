from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import JobParts


class IndexDataset(BaseModel):
    index_dataset: "IndexDatasetIndexDataset"


class IndexDatasetIndexDataset(BaseModel):
    job: Optional["IndexDatasetIndexDatasetJob"]
    user_errors: list["IndexDatasetIndexDatasetUserErrors"]


IndexDatasetIndexDatasetJob = JobParts


class IndexDatasetIndexDatasetUserErrors(BaseModel):
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


IndexDataset.model_rebuild()
IndexDatasetIndexDataset.model_rebuild()
