from typing import Optional

from .base_model import BaseModel


class GetLastRound(BaseModel):
    model: Optional["GetLastRoundModel"]


class GetLastRoundModel(BaseModel):
    learning_rounds: "GetLastRoundModelLearningRounds"


class GetLastRoundModelLearningRounds(BaseModel):
    nodes: list["GetLastRoundModelLearningRoundsNodes"]


class GetLastRoundModelLearningRoundsNodes(BaseModel):
    id: str
    training: Optional["GetLastRoundModelLearningRoundsNodesTraining"]


class GetLastRoundModelLearningRoundsNodesTraining(BaseModel):
    id: str


GetLastRound.model_rebuild()
GetLastRoundModel.model_rebuild()
GetLastRoundModelLearningRounds.model_rebuild()
GetLastRoundModelLearningRoundsNodes.model_rebuild()
