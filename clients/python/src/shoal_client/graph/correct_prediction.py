from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class CorrectPrediction(BaseModel):
    correct_prediction: "CorrectPredictionCorrectPrediction"


class CorrectPredictionCorrectPrediction(BaseModel):
    prediction: Optional["CorrectPredictionCorrectPredictionPrediction"]
    user_errors: list["CorrectPredictionCorrectPredictionUserErrors"]


class CorrectPredictionCorrectPredictionPrediction(BaseModel):
    id: str
    label: str
    correction: Optional[str]


class CorrectPredictionCorrectPredictionUserErrors(BaseModel):
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


CorrectPrediction.model_rebuild()
CorrectPredictionCorrectPrediction.model_rebuild()
