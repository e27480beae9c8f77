from datetime import datetime
from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class SignIn(BaseModel):
    sign_in: "SignInSignIn"


class SignInSignIn(BaseModel):
    access_token: Optional[str]
    access_token_expires_at: Optional[datetime]
    user_errors: list["SignInSignInUserErrors"]


class SignInSignInUserErrors(BaseModel):
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


SignIn.model_rebuild()
SignInSignIn.model_rebuild()
