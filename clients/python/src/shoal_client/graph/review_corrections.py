from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class ReviewCorrections(BaseModel):
    review_corrections: "ReviewCorrectionsReviewCorrections"


class ReviewCorrectionsReviewCorrections(BaseModel):
    predictions: Optional[list["ReviewCorrectionsReviewCorrectionsPredictions"]]
    user_errors: list["ReviewCorrectionsReviewCorrectionsUserErrors"]


class ReviewCorrectionsReviewCorrectionsPredictions(BaseModel):
    id: str
    correction: Optional[str]


class ReviewCorrectionsReviewCorrectionsUserErrors(BaseModel):
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


ReviewCorrections.model_rebuild()
ReviewCorrectionsReviewCorrections.model_rebuild()
