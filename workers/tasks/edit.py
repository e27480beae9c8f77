"""From a version and a list of edits to the next version: only the shards touched are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from store.codec import from_plain, to_plain
from store.objects import keys
from store.records.dataset import DatasetVersion, Reading, Shard
from store.records.edit import EditCounts
from workers.attempts.attempt import Attempt
from workers.pipeline.edits import Edited, EditRequest
from workers.pipeline.shards import LocalShard


async def edited(
    attempt: Attempt, version: DatasetVersion, base: DatasetVersion, shards: tuple[Path, ...]
) -> dict[str, Any]:
    """What `DatasetVersion.ready` takes; `shards` are local files of the base's."""
    assert version.edits is not None
    found = await _apply(attempt, version, shards)
    return {
        "source": version.source,
        "columns": base.columns,
        "shards": await _store(attempt, version, base, found),
        "profile": replace(
            found.profile, empty_rows=base.profile.empty_rows if base.profile else 0
        ),
        "problems": found.problems,
        "problem_count": found.problem_count,
        "rejected_rows": 0,
        "row_numbers": base.next_row,
        "edits": replace(version.edits, counts=found.counts),
    }


async def _apply(attempt: Attempt, version: DatasetVersion, shards: tuple[Path, ...]) -> Edited:
    source, edits = version.source, version.edits
    request = EditRequest(
        filename=source.filename, kind=version.kind, base_shards=shards,
        reading=Reading(source.format, source.encoding, source.delimiter),
        is_lenient=edits is not None and edits.is_lenient,
    )  # fmt: skip
    raw, out = str(attempt.scratch / "raw"), str(attempt.scratch / "out")
    call = {"call": "edit", "raw": raw, "out": out, "request": to_plain(request)}
    found = from_plain(Edited, await attempt.stage("read", call))
    await attempt.stage_done("read", found.profile.rows, told(found.counts))
    return found


async def _store(
    attempt: Attempt, version: DatasetVersion, base: DatasetVersion, found: Edited
) -> tuple[Shard, ...]:
    """The base's shards, those that changed replaced; one without any row left is left out."""
    changed = {each.place: each.shard for each in found.rewritten}
    await attempt.stage_started("store", len(changed))
    shards = []
    for place, kept in enumerate(base.numbered_shards):
        if place not in changed:
            shards.append(kept)
        elif (local := changed[place]) is not None:
            shards.append(await put_shard(attempt, version, place, local))
    summary = f"shards: {len(changed)} written, {len(shards)} in all"
    await attempt.stage_done("store", len(changed), summary)
    return tuple(shards)


async def put_shard(
    attempt: Attempt, version: DatasetVersion, number: int, local: LocalShard
) -> Shard:
    """Store one file of the version's rows."""
    key = keys.shard(version.dataset_id, version.id, number)
    await attempt.store.objects.put_file(key, local.path)
    return Shard(key, local.rows, local.bytes, local.sha256, local.first_row, local.last_row)


def told(counts: EditCounts) -> str:
    """What edits came to, in a sentence."""
    parts = {
        "relabelled": counts.relabelled, "reworded": counts.reworded, "dropped": counts.dropped,
        "left as they were": counts.unchanged, "gone before": counts.missing,
    }  # fmt: skip
    return ", ".join(f"{rows:,} rows {what}" for what, rows in parts.items() if rows) or "nothing"
