"""Reading accounts."""

from __future__ import annotations

import strawberry

from schema.accounts.types import Invitation, User, Viewer
from schema.context import Info
from schema.fields import query
from schema.paging import After, Connection, First, Listing, list_page
from schema.permissions import Requires
from store.records import account as records
from store.records.account import Scope
from store.records.viewer import Viewer as ViewerRecord


@strawberry.type
class AccountQueries:
    @query(Requires(Scope.READ), "The caller.", shows=Viewer)
    def viewer(self, info: Info) -> ViewerRecord:
        return info.context.signed_in

    @query(
        Requires(Scope.ADMIN),
        "Everybody with an account, newest first. For admins.",
        shows=Connection[User],
    )
    async def users(
        self, info: Info, first: First = 20, after: After = None
    ) -> Listing[records.User]:
        users = info.context.store.mongo.users
        return await list_page(info, users, {}, name="users", first=first, after=after)

    @query(
        Requires(Scope.ADMIN),
        "All invitations, newest first, with those accepted or expired. For admins.",
        shows=Connection[Invitation],
    )
    async def invitations(
        self, info: Info, first: First = 20, after: After = None
    ) -> Listing[records.Invitation]:
        invitations = info.context.store.mongo.invitations
        return await list_page(info, invitations, {}, name="invitations", first=first, after=after)
