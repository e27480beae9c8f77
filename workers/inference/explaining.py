"""Why a model version says what it says of texts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from store.codec import from_plain
from store.errors import InvalidValue
from store.records.explanation import Explanation, Question
from workers.inference.served import Served
from workers.pipeline.explaining.explaining import explain


class Explanations:
    """Text by text: what is said of one does not depend on those beside it."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def answer(
        self, subject: str, texts: Sequence[str], **asked: Any
    ) -> Sequence[Explanation]:
        """`asked` holds the fields of a Question. Raises what `Served.get` does, InvalidValue."""
        bundle = await self._served.get(subject)
        question = from_plain(Question, asked)
        for label in (question.label, question.against):
            if label is not None and label not in bundle.head.classes:
                raise InvalidValue(f"the model has no label {label!r}", "label")
        found = [await asyncio.to_thread(explain, bundle, text, question) for text in texts]
        return [replace(each, model_version_id=subject) for each in found]
