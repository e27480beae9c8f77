"""Running an operation: once, or for as long as it has results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.root import schema
from server.answers import Result
from server.audiences import Audiences
from server.operations import BadRequest, Operation

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
        async with asyncio.timeout(OPERATION_TIMEOUT_S):
            return await schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.name,
                allowed_operation_types=allowed,
            )
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
    document = schema.subscription_in(operation.query, operation.name)
    if document is not None and OperationType.SUBSCRIPTION in allowed:
        with audiences.joined(operation, document, context) as audience:
            async with aclosing(audience.results()) as results:
                async for result in results:
                    yield result
        return
    answers = await schema.stream(
        operation.query,
        variable_values=operation.variables,
        context_value=context,
        operation_name=operation.name,
        allowed_operation_types=allowed,
    )
    async with aclosing(answers):
        async for answer in answers:
            assert isinstance(answer, ExecutionResult)  # @defer and @stream are off
            yield Result.of(answer)


def _not_this_way(kind: OperationType) -> BadRequest:
    if kind is OperationType.SUBSCRIPTION:
        return BadRequest("subscriptions go over a WebSocket, or with Accept: text/event-stream")
    return BadRequest(f"a {kind.value} must be sent by POST", 405)
