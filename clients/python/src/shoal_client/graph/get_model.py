from typing import Optional

from .base_model import BaseModel
from .fragments import VersionParts


class GetModel(BaseModel):
    model: Optional["GetModelModel"]


class GetModelModel(BaseModel):
    id: str
    name: str
    published_version: Optional["GetModelModelPublishedVersion"]


GetModelModelPublishedVersion = VersionParts
GetModel.model_rebuild()
GetModelModel.model_rebuild()
