"""Running an operation: once, or for as long as it has results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.documents.limits import unread_excess
from schema.errors import describe
from schema.root import schema
from server.execution.audiences import Audiences
from server.execution.charging import Charge
from server.execution.counting import count_begun
from server.execution.measuring import UNKNOWN, measured
from server.http.answers import Result
from server.http.operations import BadRequest, Operation
from server.metrics import OPERATIONS

OPERATION_TIMEOUT_S = 30.0
ONLY_QUERIES = frozenset({OperationType.QUERY})
NO_SUBSCRIPTIONS = ONLY_QUERIES | {OperationType.MUTATION}
NO_MUTATIONS = ONLY_QUERIES | {OperationType.SUBSCRIPTION}
EVERYTHING = frozenset(OperationType)


async def execute(
    operation: Operation, context: Context, allowed: frozenset[OperationType]
) -> ExecutionResult:
    """The one result of a query or mutation.

    Raises BadRequest for another type of operation than allowed, and when time runs out.
    """
    try:
        with measured(operation, context) as running:
            if excess := unread_excess(operation.query, operation.variables):
                return running.ended(_refused(excess, "TOO_LARGE", context))
            charge = Charge(operation, context)
            if refused := await charge.refused():
                return running.ended(refused)
            async with asyncio.timeout(OPERATION_TIMEOUT_S):
                result = await schema.execute(
                    operation.query,
                    variable_values=operation.variables,
                    context_value=context,
                    operation_name=operation.name,
                    allowed_operation_types=allowed,
                )
            return running.ended(charge.settled(result))
    except MissingQueryError:
        raise BadRequest("`query` is empty") from None
    except CannotGetOperationTypeError as error:
        raise BadRequest(error.as_http_error_reason()) from None
    except InvalidOperationTypeError as error:
        raise _not_this_way(error.operation_type) from None
    except TimeoutError:
        raise BadRequest(f"the operation took over {OPERATION_TIMEOUT_S:.0f} s", 504) from None


async def stream(
    operation: Operation,
    context: Context,
    audiences: Audiences,
    allowed: frozenset[OperationType] = EVERYTHING,
) -> AsyncGenerator[Result, None]:
    """Every result of an operation; closing the generator closes the subscription's own."""
    asked = schema.asked(operation.query, operation.name)
    kind = OperationType(asked.type.value) if asked else None
    excess = unread_excess(operation.query, operation.variables)
    if asked and kind is OperationType.SUBSCRIPTION and kind in allowed and not excess:
        if refused := await Charge(operation, context).refused():
            yield Result.of(refused)
            return
        OPERATIONS.labels(kind.value, asked.field or UNKNOWN, "begun").inc()
        count_begun(asked, operation, context)
        structlog.contextvars.bind_contextvars(operation=f"subscription {asked.field}")
        with audiences.joined(operation, asked.document, context) as audience:
            results = audience.results()
            async with aclosing(results):
                async for result in results:
                    yield result
    else:
        yield Result.of(await _only_result(operation, context, allowed & NO_SUBSCRIPTIONS))


async def _only_result(
    operation: Operation, context: Context, allowed: frozenset[OperationType]
) -> ExecutionResult:
    """A stream has begun to be answered: what is no operation is told in its shape."""
    try:
        return await execute(operation, context, allowed)
    except BadRequest as bad:
        return _refused(str(bad), bad.code, context)


def _refused(why: str, code: str, context: Context) -> PreExecutionError:
    error = GraphQLError(why, extensions={"code": code})
    describe(error, context.request_id)
    return PreExecutionError(None, [error])


def _not_this_way(kind: OperationType) -> BadRequest:
    if kind is OperationType.SUBSCRIPTION:
        return BadRequest("subscriptions go over a WebSocket, or with Accept: text/event-stream")
    return BadRequest(f"a {kind.value} must be sent by POST", 405)
