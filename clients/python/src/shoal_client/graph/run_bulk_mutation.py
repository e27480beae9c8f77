from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import JobParts, OperationParts


class RunBulkMutation(BaseModel):
    run_bulk_mutation: "RunBulkMutationRunBulkMutation"


class RunBulkMutationRunBulkMutation(BaseModel):
    operation: Optional["RunBulkMutationRunBulkMutationOperation"]
    job: Optional["RunBulkMutationRunBulkMutationJob"]
    user_errors: list["RunBulkMutationRunBulkMutationUserErrors"]


RunBulkMutationRunBulkMutationOperation = OperationParts
RunBulkMutationRunBulkMutationJob = JobParts


class RunBulkMutationRunBulkMutationUserErrors(BaseModel):
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


RunBulkMutation.model_rebuild()
RunBulkMutationRunBulkMutation.model_rebuild()
