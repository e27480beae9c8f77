from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import EventKind
from .fragments import JobParts


class JobEvents(BaseModel):
    job_events: Union[
        "JobEventsJobEventsJobSnapshot",
        "JobEventsJobEventsActivityEvent",
        "JobEventsJobEventsCaughtUp",
        "JobEventsJobEventsGap",
        "JobEventsJobEventsHeartbeat",
    ] = Field(discriminator="typename__")


class JobEventsJobEventsJobSnapshot(BaseModel):
    typename__: Literal["JobSnapshot"] = Field(alias="__typename")
    cursor: str
    job: Optional["JobEventsJobEventsJobSnapshotJob"]


JobEventsJobEventsJobSnapshotJob = JobParts


class JobEventsJobEventsActivityEvent(BaseModel):
    typename__: Literal["ActivityEvent"] = Field(alias="__typename")
    cursor: str
    kind: EventKind
    message: str
    stage: Optional[str]
    done: Optional[int]
    total: Optional[int]
    at: datetime


class JobEventsJobEventsCaughtUp(BaseModel):
    typename__: Literal["CaughtUp"] = Field(alias="__typename")
    cursor: str


class JobEventsJobEventsGap(BaseModel):
    typename__: Literal["Gap"] = Field(alias="__typename")
    to_cursor: str


class JobEventsJobEventsHeartbeat(BaseModel):
    typename__: Literal["Heartbeat"] = Field(alias="__typename")
    cursor: str


JobEvents.model_rebuild()
JobEventsJobEventsJobSnapshot.model_rebuild()
