from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class LearnFromCorrections(BaseModel):
    learn_from_corrections: "LearnFromCorrectionsLearnFromCorrections"


class LearnFromCorrectionsLearnFromCorrections(BaseModel):
    round: Optional["LearnFromCorrectionsLearnFromCorrectionsRound"]
    user_errors: list["LearnFromCorrectionsLearnFromCorrectionsUserErrors"]


class LearnFromCorrectionsLearnFromCorrectionsRound(BaseModel):
    id: str
    rows: int
    dataset_version: Optional[
        "LearnFromCorrectionsLearnFromCorrectionsRoundDatasetVersion"
    ]


class LearnFromCorrectionsLearnFromCorrectionsRoundDatasetVersion(BaseModel):
    id: str
    job: Optional["LearnFromCorrectionsLearnFromCorrectionsRoundDatasetVersionJob"]


class LearnFromCorrectionsLearnFromCorrectionsRoundDatasetVersionJob(BaseModel):
    id: str


class LearnFromCorrectionsLearnFromCorrectionsUserErrors(BaseModel):
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


LearnFromCorrections.model_rebuild()
LearnFromCorrectionsLearnFromCorrections.model_rebuild()
LearnFromCorrectionsLearnFromCorrectionsRound.model_rebuild()
LearnFromCorrectionsLearnFromCorrectionsRoundDatasetVersion.model_rebuild()
