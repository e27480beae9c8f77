from typing import Optional

from .base_model import BaseModel
from .enums import SearchState


class SearchDataset(BaseModel):
    dataset: Optional["SearchDatasetDataset"]


class SearchDatasetDataset(BaseModel):
    search: "SearchDatasetDatasetSearch"


class SearchDatasetDatasetSearch(BaseModel):
    state: SearchState
    hint: str
    hits: list["SearchDatasetDatasetSearchHits"]


class SearchDatasetDatasetSearchHits(BaseModel):
    row: int
    text: str
    label: Optional[str]
    score: float


SearchDataset.model_rebuild()
SearchDatasetDataset.model_rebuild()
SearchDatasetDatasetSearch.model_rebuild()
