from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class PublishModel(BaseModel):
    publish_model: "PublishModelPublishModel"


class PublishModelPublishModel(BaseModel):
    model: Optional["PublishModelPublishModelModel"]
    user_errors: list["PublishModelPublishModelUserErrors"]


class PublishModelPublishModelModel(BaseModel):
    id: str
    name: str


class PublishModelPublishModelUserErrors(BaseModel):
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


PublishModel.model_rebuild()
PublishModelPublishModel.model_rebuild()
