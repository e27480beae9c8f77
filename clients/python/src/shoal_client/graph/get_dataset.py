from typing import Optional

from .base_model import BaseModel
from .enums import VersionStatus


class GetDataset(BaseModel):
    dataset: Optional["GetDatasetDataset"]


class GetDatasetDataset(BaseModel):
    id: str
    name: str
    versions: "GetDatasetDatasetVersions"


class GetDatasetDatasetVersions(BaseModel):
    nodes: list["GetDatasetDatasetVersionsNodes"]


class GetDatasetDatasetVersionsNodes(BaseModel):
    id: str
    number: int
    status: VersionStatus
    profile: Optional["GetDatasetDatasetVersionsNodesProfile"]
    problems: list["GetDatasetDatasetVersionsNodesProblems"]


class GetDatasetDatasetVersionsNodesProfile(BaseModel):
    rows: int
    labelled_rows: int
    label_count: int


class GetDatasetDatasetVersionsNodesProblems(BaseModel):
    code: str
    reason: str
    fix: str
    line: Optional[int]
    column: Optional[str]
    value: Optional[str]


GetDataset.model_rebuild()
GetDatasetDataset.model_rebuild()
GetDatasetDatasetVersions.model_rebuild()
GetDatasetDatasetVersionsNodes.model_rebuild()
