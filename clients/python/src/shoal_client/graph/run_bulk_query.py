from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import JobParts, OperationParts


class RunBulkQuery(BaseModel):
    run_bulk_query: "RunBulkQueryRunBulkQuery"


class RunBulkQueryRunBulkQuery(BaseModel):
    operation: Optional["RunBulkQueryRunBulkQueryOperation"]
    job: Optional["RunBulkQueryRunBulkQueryJob"]
    user_errors: list["RunBulkQueryRunBulkQueryUserErrors"]


RunBulkQueryRunBulkQueryOperation = OperationParts
RunBulkQueryRunBulkQueryJob = JobParts


class RunBulkQueryRunBulkQueryUserErrors(BaseModel):
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


RunBulkQuery.model_rebuild()
RunBulkQueryRunBulkQuery.model_rebuild()
