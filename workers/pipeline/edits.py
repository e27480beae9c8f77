"""Rows relabelled, reworded and dropped: the shards of a version once more, but for the untouched.

A list of edits is a file of rows with the columns `row`, `label`, `text` and `drop`. What is empty
stays as it is; an empty label in JSON takes the label away.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from store.records.dataset import Columns, DataFormat, DataKind, Problem, Profile, Reading
from store.records.edit import EditCounts, RowEdit
from workers.pipeline.ingest import note_labels
from workers.pipeline.problems import Fault, ProblemLog, problem, refusal
from workers.pipeline.profile import Profiler
from workers.pipeline.progress import BadData, Progress, silent
from workers.pipeline.readers.opening import open_reader
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.rows import NestedValue, Normaliser, Row, as_text
from workers.pipeline.sequences import guess_alphabet
from workers.pipeline.shards import LocalShard, count_rows, read_numbered, write_shard

COLUMNS = ("row", "label", "text", "drop")
YES, NO = ("true", "1", "yes", "y"), ("", "false", "0", "no", "n")
SAMPLE = 2_000
"""Sequences from which the alphabet is told."""


@dataclass(frozen=True, slots=True)
class EditRequest:
    filename: str
    kind: DataKind
    base_shards: tuple[Path, ...]
    reading: Reading
    is_lenient: bool = False


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of one shard of the base that an edit touches; None when no row is left."""

    place: int
    shard: LocalShard | None


@dataclass(frozen=True, slots=True)
class Edited:
    rewritten: tuple[Rewritten, ...]
    counts: EditCounts
    profile: Profile
    problems: tuple[Problem, ...]
    problem_count: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An edit, and the line of the list that asks for it."""

    edit: RowEdit
    line: int


def edit(raw: Path, out: Path, request: EditRequest, progress: Progress) -> Edited:
    """Apply the edits in `raw` to the base, write the shards that change into the folder `out`.

    Raises BadData for a list with any fault in it: half of a list is never applied.
    """
    out.mkdir(parents=True, exist_ok=True)
    editor = Editor(read_edits(raw, out, request), request)
    rewritten, done, total = [], 0, count_rows(request.base_shards)
    for place, path in enumerate(request.base_shards):
        progress(done, total)
        numbers, rows = read_numbered(path)
        kept = editor.apply(numbers, rows)
        if kept is not None:
            shard = write_shard(out / path.name, *kept) if kept[0] else None
            rewritten.append(Rewritten(place, shard))
        done += len(rows)
    progress(done, total)
    editor.check()
    profile = editor.profiler.profile(empty_rows=0)
    note_labels(editor.profiler, editor.log)
    log = editor.log
    return Edited(tuple(rewritten), editor.counts, profile, tuple(log), log.count)


class Editor:
    """Goes over the base shard by shard; `check` at the end raises what was wrong on the way."""

    def __init__(self, listed: dict[int, Listed], request: EditRequest) -> None:
        self._listed = listed
        self._pending = dict(listed)
        self._request = request
        self._normaliser: Normaliser | None = None
        self._tally: Counter[str] = Counter()
        self.profiler = Profiler(sequences=request.kind is DataKind.SEQUENCE)
        self.log = ProblemLog()

    def apply(self, numbers: list[int], rows: list[Row]) -> tuple[list[int], list[Row]] | None:
        """The shard's rows after the edits; None where no edit changes any."""
        found = list(zip(numbers, rows, strict=True))
        kept = [(number, row) for number, old in found if (row := self._edited(number, old, rows))]
        for _, row in kept:
            self.profiler.add(row)
        if kept == found:
            return None
        return [number for number, _ in kept], [row for _, row in kept]

    @property
    def counts(self) -> EditCounts:
        return EditCounts(**self._tally)

    def check(self) -> None:
        """Raises BadData for bad values, for rows that are not there, and where none is left."""
        if not self._request.is_lenient:
            for listed in self._pending.values():
                self.log.add(_unknown(listed))
        self._tally["missing"] = len(self._pending)
        if self.log.count:
            raise _refused(self.log)
        if not self.profiler.rows:
            raise refusal(
                Fault.NO_ROWS, "The edits drop every row.", "Leave at least one row in the version."
            )

    def _edited(self, number: int, old: Row, fellows: list[Row]) -> Row | None:
        listed = self._pending.pop(number, None)
        if listed is None:
            return old
        asked = listed.edit
        if asked.drop:
            self._tally["dropped"] += 1
            return None
        label = old.label if asked.label is None else asked.label
        text = old.text if asked.text is None else asked.text
        new = self._normal(fellows).row(RawRow(listed.line, {"text": text, "label": label}))
        if isinstance(new, Problem):
            self.log.add(new)
            return old
        new = old._replace(text=new.text, label=new.label)
        self._tally["relabelled"] += new.label != old.label
        self._tally["reworded"] += new.text != old.text
        self._tally["unchanged"] += new == old
        return new

    def _normal(self, fellows: list[Row]) -> Normaliser:
        if self._normaliser is None:
            sequences = [row.text for row in fellows[:SAMPLE]]
            is_text = self._request.kind is DataKind.TEXT
            alphabet = None if is_text else guess_alphabet(sequences)
            self._normaliser = Normaliser(Columns("text", "label"), alphabet)
        return self._normaliser


def read_edits(raw: Path, scratch: Path, request: EditRequest) -> dict[int, Listed]:
    """The edits of a list by their rows' numbers. Raises BadData."""
    reader, _ = open_reader(
        raw, scratch, filename=request.filename, kind=DataKind.TEXT, wanted=request.reading,
        asked=COLUMNS, progress=silent,
    )  # fmt: skip
    log, listed = ProblemLog(), dict[int, Listed]()
    is_json = reader.format is DataFormat.JSONL
    for found in reader.rows(COLUMNS):
        if isinstance(found, Problem):
            log.add(found)
            continue
        read = _listed(found, listed, is_json=is_json)
        if isinstance(read, Problem):
            log.add(read)
        else:
            listed[read.edit.row] = read
    if log.count:
        raise _refused(log)
    if not listed:
        raise refusal(Fault.NO_ROWS, "The list holds no edits.", "List at least one row.")
    return listed


def _listed(raw: RawRow, before: dict[int, Listed], *, is_json: bool) -> Listed | Problem:
    """One line of the list, or what is wrong with it; a CSV's empty cells say nothing."""
    try:
        given = {name: as_text(raw.values.get(name)) for name in COLUMNS}
    except NestedValue:
        return _bad(raw, "A value is a list or an object.", "Give one value for each column.")
    number, drop = given["row"], given["drop"].lower()
    if not number.isascii() or not number.isdigit():
        return _bad(
            raw, "The row's number is missing.", "Name the row in the column `row`.", number
        )
    if drop not in (*YES, *NO):
        return _bad(raw, "`drop` is neither true nor false.", "Write true or false.", drop)
    row = int(number)
    if row in before:
        reason = f"Row {row} is in the list twice, first on line {before[row].line}."
        return _bad(raw, reason, "List each row once.", number)
    label = given["label"] or ("" if is_json and raw.values.get("label") == "" else None)
    edit = RowEdit(row, label, given["text"] or None, drop in YES)
    if edit.drop == bool(edit.text or edit.label is not None):
        reason = "A row is dropped, or it gets a label or a text: one of both."
        return _bad(raw, reason, "Give `drop`, or else `label` or `text`.", number)
    return Listed(edit, raw.line)


def _bad(raw: RawRow, reason: str, fix: str, value: str | None = None) -> Problem:
    return problem(Fault.BAD_EDIT, reason, fix, line=raw.line, value=value)


def _unknown(listed: Listed) -> Problem:
    return problem(
        Fault.UNKNOWN_ROW,
        f"There is no row {listed.edit.row}: it was dropped before, or never there.",
        "Leave it out of the list.",
        line=listed.line,
        value=str(listed.edit.row),
    )


def _refused(log: ProblemLog) -> BadData:
    problems = tuple(log)
    told = f"{problems[0].reason} Nothing was changed. {problems[0].fix}"
    return BadData(problems[0].code, told, problems)
