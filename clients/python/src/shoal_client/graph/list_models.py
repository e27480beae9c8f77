from typing import Optional

from .base_model import BaseModel
from .fragments import VersionParts


class ListModels(BaseModel):
    models: "ListModelsModels"


class ListModelsModels(BaseModel):
    nodes: list["ListModelsModelsNodes"]
    page_info: "ListModelsModelsPageInfo"


class ListModelsModelsNodes(BaseModel):
    id: str
    name: str
    published_version: Optional["ListModelsModelsNodesPublishedVersion"]


ListModelsModelsNodesPublishedVersion = VersionParts


class ListModelsModelsPageInfo(BaseModel):
    has_next_page: bool
    end_cursor: Optional[str]


ListModels.model_rebuild()
ListModelsModels.model_rebuild()
ListModelsModelsNodes.model_rebuild()
