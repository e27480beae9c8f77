"""Labels and rows that are too few to learn from or to test on."""

from __future__ import annotations

from dataclasses import replace

from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis, Fix
from store.diagnosis.fixing import training
from store.records.training import ClustererKind, LabelSpec, RareLabels
from store.training.trainable import MIN_ROWS

LEAST = (2, 3, 5, 10)
"""Rows under which a label may be called rare; the first that helps is offered."""
ENOUGH = 3
"""Texts of a label of which one can be tested, one held out, and one learnt from."""
FINER = 4.0


def too_few_texts(case: Case) -> Diagnosis:
    """No label has texts to spare: NOTHING_TO_TEST_ON, TOO_FEW_TEXTS_A_CLASS."""
    cause = (
        "The labels have too few texts each: one is needed to test a label, and two more to learn "
        "it. Label more rows, or treat the rare labels otherwise."
    )
    fixes = (*_all_rows(case), *rare_labels(case), *_own_split(case))
    return Diagnosis(cause, (*_counts(case), *case.size()), case.concerned(), fixes)


def one_label_to_learn(case: Case) -> Diagnosis:
    """The given split, or a small sample, keeps labels from the rows to learn from."""
    cause = "The rows that are left to learn from have one label at most: the test has the others."
    fixes = (*_own_split(case), *_all_rows(case), *rare_labels(case))
    return Diagnosis(cause, (*_counts(case), *_splits(case)), case.concerned(), fixes)


def one_label(case: Case) -> Diagnosis:
    """Other data help, or labels that were merged before."""
    cause = "Every labelled row has the same label, so there is nothing to tell apart."
    told = "Append rows of another label, or read the file again with another label column."
    return Diagnosis(cause, (*_counts(case), told), fixes=_kept_labels(case))


def too_few_rows(case: Case) -> Diagnosis:
    """Other data help, or rows that were left out before."""
    cause = f"There are too few rows with different texts; {MIN_ROWS} are the least."
    evidence = (*case.size(), case.said())
    return Diagnosis(cause, evidence, fixes=(*_all_rows(case), *_kept_labels(case)))


def one_class(case: Case) -> Diagnosis:
    """No labels, and clusters that do not differ."""
    cause = "The rows do not fall into two groups, so there is nothing to tell apart."
    evidence = (case.said(), *_counts(case), *case.size())
    return Diagnosis(cause, evidence, fixes=(*_finer_clusters(case), *_all_rows(case)))


def rare_labels(case: Case) -> tuple[Fix, ...]:
    """Rare labels merged, or left out: each by the least number of rows that leaves enough."""
    known = case.spec.labels
    over = 0 if known.rare is RareLabels.KEEP else known.min_rows
    tried = [least for least in LEAST if least > over]
    merged = next((least for least in tried if _merging_helps(case, least)), None)
    dropped = next((least for least in tried if _dropping_helps(case, least)), None)
    fixes = []
    if merged is not None:
        label = f"Merge the labels with fewer than {merged} rows into one, `other`"
        spec = LabelSpec(RareLabels.MERGE, merged)
        fixes.append(training(case, f"merge-labels-{merged}", label, labels=spec))
    if dropped is not None:
        label = f"Leave out the rows of labels with fewer than {dropped} rows"
        spec = LabelSpec(RareLabels.DROP, dropped)
        fixes.append(training(case, f"drop-labels-{dropped}", label, labels=spec))
    return tuple(fixes)


def _parted(case: Case, least: int) -> tuple[list[int], int]:
    """The rows of each label that has at least so many, and those of all others together."""
    profile = case.version.profile if case.version else None
    if profile is None:
        return [], 0
    frequent = [each.rows for each in profile.labels if each.rows >= least]
    return frequent, profile.labelled_rows - sum(frequent)


def _merging_helps(case: Case, least: int) -> bool:
    frequent, rare = _parted(case, least)
    return bool(frequent) and rare > 0 and max(*frequent, rare) >= ENOUGH


def _dropping_helps(case: Case, least: int) -> bool:
    frequent, rare = _parted(case, least)
    left = (case.version.rows if case.version else 0) - rare
    if not rare or left < MIN_ROWS:
        return False
    # without any label the clusters will be the classes
    return not frequent or (len(frequent) > 1 and max(frequent) >= ENOUGH)


def _counts(case: Case) -> tuple[str, ...]:
    profile = case.version.profile if case.version else None
    if profile is None:
        return ()
    lone = sum(each.rows == 1 for each in profile.labels)
    most = "".join(f", the most for {each.label!r}: {each.rows:,}" for each in profile.labels[:1])
    told = f"{profile.label_count:,} labels are on {profile.labelled_rows:,} rows{most}."
    return (told, f"{lone:,} of them are on a single row.") if lone else (told,)


def _splits(case: Case) -> tuple[str, ...]:
    profile = case.version.profile if case.version else None
    if profile is None or not profile.split_rows or not case.spec.split.use_given:
        return ()
    told = ", ".join(f"{each.label} {each.rows:,}" for each in profile.split_rows[:5])
    return (f"The data bring their own split: {told} rows.",)


def _all_rows(case: Case) -> tuple[Fix, ...]:
    if case.version is None or case.rows == case.version.rows:
        return ()
    label = f"Train on all {case.version.rows:,} rows"
    return (training(case, "all-rows", label, max_rows=None),)


def _own_split(case: Case) -> tuple[Fix, ...]:
    if not _splits(case):
        return ()
    split = replace(case.spec.split, use_given=False)
    label = "Choose the test rows anew, each label in proportion, whatever split the data bring"
    return (training(case, "own-split", label, split=split),)


def _kept_labels(case: Case) -> tuple[Fix, ...]:
    if case.spec.labels.rare is RareLabels.KEEP:
        return ()
    label = "Keep rare labels as they are"
    return (training(case, "keep-labels", label, labels=LabelSpec()),)


def _finer_clusters(case: Case) -> tuple[Fix, ...]:
    clusterer = case.spec.clusterer
    finer = replace(clusterer, kind=ClustererKind.LEIDEN)
    label = "Group the rows by LEIDEN, which finds out by itself how many groups there are"
    if clusterer.kind is ClustererKind.LEIDEN:
        finer = replace(clusterer, resolution=min(1_000.0, clusterer.resolution * FINER))
        label = f"Group the rows finer, at resolution {finer.resolution:g}"
    return (training(case, "finer-clusters", label, clusterer=finer),)
