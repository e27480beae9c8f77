from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import JobKind, JobStatus, OperationStatus, OperationType, WaitingCode


class JobParts(BaseModel):
    id: str
    kind: JobKind
    status: JobStatus
    progress: float
    failure: Optional["JobPartsFailure"]
    waiting_for: Optional["JobPartsWaitingFor"]
    created_at: datetime
    ended_at: Optional[datetime]


class JobPartsFailure(BaseModel):
    code: str
    message: str
    retryable: bool
    stage: Optional[str]


class JobPartsWaitingFor(BaseModel):
    code: WaitingCode
    message: str


class OperationParts(BaseModel):
    id: str
    type_: OperationType = Field(alias="type")
    status: OperationStatus
    object_count: int
    done: int
    total: Optional[int]
    failed: int
    bytes_: int = Field(alias="bytes")
    sha_256: Optional[str]
    url: Optional[str]
    expires_at: datetime


class VersionParts(BaseModel):
    id: str
    number: int
    labels: list[str]
    is_published: bool
    model: Optional["VersionPartsModel"]
    report: "VersionPartsReport"


class VersionPartsModel(BaseModel):
    id: str
    name: str


class VersionPartsReport(BaseModel):
    accuracy: float
    macro_f_1: float
    ece: float


JobParts.model_rebuild()
OperationParts.model_rebuild()
VersionParts.model_rebuild()
