from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class Predict(BaseModel):
    predict: "PredictPredict"


class PredictPredict(BaseModel):
    predictions: list["PredictPredictPredictions"]
    model_version: Optional["PredictPredictModelVersion"]
    user_errors: list["PredictPredictUserErrors"]


class PredictPredictPredictions(BaseModel):
    id: str
    text: str
    label: str
    probability: float
    abstained: bool
    scores: list["PredictPredictPredictionsScores"]
    cluster: "PredictPredictPredictionsCluster"


class PredictPredictPredictionsScores(BaseModel):
    label: str
    probability: float


class PredictPredictPredictionsCluster(BaseModel):
    name: str


class PredictPredictModelVersion(BaseModel):
    id: str
    number: int


class PredictPredictUserErrors(BaseModel):
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


Predict.model_rebuild()
PredictPredict.model_rebuild()
PredictPredictPredictions.model_rebuild()
