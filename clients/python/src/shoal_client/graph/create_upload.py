from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class CreateUpload(BaseModel):
    create_upload: "CreateUploadCreateUpload"


class CreateUploadCreateUpload(BaseModel):
    upload: Optional["CreateUploadCreateUploadUpload"]
    ticket: Optional["CreateUploadCreateUploadTicket"]
    user_errors: list["CreateUploadCreateUploadUserErrors"]


class CreateUploadCreateUploadUpload(BaseModel):
    id: str


class CreateUploadCreateUploadTicket(BaseModel):
    headers: list["CreateUploadCreateUploadTicketHeaders"]
    parts: list["CreateUploadCreateUploadTicketParts"]


class CreateUploadCreateUploadTicketHeaders(BaseModel):
    name: str
    value: str


class CreateUploadCreateUploadTicketParts(BaseModel):
    number: int
    url: str
    offset: int
    size: int


class CreateUploadCreateUploadUserErrors(BaseModel):
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


CreateUpload.model_rebuild()
CreateUploadCreateUpload.model_rebuild()
CreateUploadCreateUploadTicket.model_rebuild()
