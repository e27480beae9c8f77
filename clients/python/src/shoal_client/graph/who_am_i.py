from .base_model import BaseModel
from .enums import Role


class WhoAmI(BaseModel):
    viewer: "WhoAmIViewer"


class WhoAmIViewer(BaseModel):
    user: "WhoAmIViewerUser"


class WhoAmIViewerUser(BaseModel):
    id: str
    email: str
    role: Role


WhoAmI.model_rebuild()
WhoAmIViewer.model_rebuild()
