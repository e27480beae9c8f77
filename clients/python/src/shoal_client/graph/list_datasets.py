from typing import Optional

from .base_model import BaseModel


class ListDatasets(BaseModel):
    datasets: "ListDatasetsDatasets"


class ListDatasetsDatasets(BaseModel):
    nodes: list["ListDatasetsDatasetsNodes"]
    page_info: "ListDatasetsDatasetsPageInfo"


class ListDatasetsDatasetsNodes(BaseModel):
    id: str
    name: str


class ListDatasetsDatasetsPageInfo(BaseModel):
    has_next_page: bool
    end_cursor: Optional[str]


ListDatasets.model_rebuild()
ListDatasetsDatasets.model_rebuild()
