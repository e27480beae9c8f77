from typing import Optional

from .base_model import BaseModel
from .enums import (
    ClustererKind,
    DataFormat,
    DataKind,
    EmbedderKind,
    Precision,
    Priority,
    RareLabels,
    Review,
    Strands,
)


class CancelJobInput(BaseModel):
    """A job to be stopped."""

    id: str
    "The job."
    dry_run: Optional[bool] = None
    "Tell the effect and change nothing. What would be refused is refused."
    expected_version: Optional[int] = None
    "The `revision` that the caller saw; refused when the record changed since."


class ClassifierInput(BaseModel):
    """How labels are learnt."""

    c: Optional[float] = None
    "Inverse regularisation, above 0; null chooses the best."
    sparse_view: Optional[bool] = None
    "Whether words are read as well as vectors; null keeps what helps."
    abstain_below: Optional[float] = None
    "Answers less probable than this abstain, 0 to 1."


class ClustererInput(BaseModel):
    """How rows are grouped."""

    kind: Optional[ClustererKind] = None
    "The method."
    resolution: Optional[float] = None
    "LEIDEN: a higher one gives more clusters; above 0, at most 1,000."
    k: Optional[int] = None
    "KMEANS: how many, 2 to 10,000; null chooses the best fit."
    min_cluster_size: Optional[int] = None
    "HDBSCAN: rows in the smallest cluster, 2 or more."


class ColumnsInput(BaseModel):
    """Which columns of the file mean what; ingest proposes the others."""

    text: Optional[str] = None
    "The column of the texts."
    label: Optional[str] = None
    "The column of the labels; for sequences also a rank that the headers tell, as `genus` or `species`."
    split: Optional[str] = None
    "The column that says `train` or `test`."


class CorrectPredictionInput(BaseModel):
    """What an answer should have been."""

    id: str
    "The answer, by the `id` it came with."
    label: str
    "The right label."
    expected_version: Optional[int] = None
    "The `revision` that the caller saw; refused when the record changed since."


class CreateDatasetInput(BaseModel):
    """A new data set, out of an upload or out of rows."""

    upload_id: Optional[str] = None
    "An upload; it is completed if it still is open."
    rows: Optional[list["RowInput"]] = None
    "The rows themselves, at most 1 MB of them."
    columns: Optional["ColumnsInput"] = None
    "Which columns of an upload mean what."
    format: Optional[DataFormat] = None
    "Format of an upload; null recognises it."
    encoding: Optional[str] = None
    "Encoding of an upload, such as `cp1251`; null recognises it."
    delimiter: Optional[str] = None
    "What separates an upload's values; null recognises it."
    sequence_filter: Optional["SequenceFilterInput"] = None
    "Which sequences of the file are taken; null takes all."
    name: str
    "What to call it."
    description: Optional[str] = None
    "What it is about."
    kind: Optional[DataKind] = None
    "What the rows are; null decides by the format."
    metadata: Optional[dict[str, str]] = None
    "The caller's notes."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class CreateUploadInput(BaseModel):
    """A file to be uploaded."""

    filename: str
    "Its name; the ending tells its format."
    size: int
    "Its bytes."
    sha_256: Optional[str] = None
    "SHA-256 of its bytes in hexadecimal, checked on completion."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class EmbedderInput(BaseModel):
    """How texts become vectors."""

    kind: Optional[EmbedderKind] = None
    "The method."
    model: Optional[str] = None
    "A sentence-transformers model, by name or by a path on the workers."
    precision: Optional[Precision] = None
    "The model's arithmetic."
    dimensions: Optional[int] = None
    "Length of a TFIDF vector, 2 to 4,096."
    k: Optional[int] = None
    "Letters in a word of KMER, 3 to 8. Longer ones tell a little more, and each letter more makes vectors four times as long."
    strands: Optional[Strands] = None
    "Which strands KMER is to take as equal."


class IndexDatasetInput(BaseModel):
    """A version to be made searchable."""

    dataset_version_id: str
    "The version; it must be READY."
    embedder: Optional["EmbedderInput"] = None
    "How texts become vectors; null takes all-MiniLM-L6-v2 for texts and KMER for sequences. Vectors that a training has made are used again."
    priority: Optional[Priority] = None
    "Among jobs that wait, a higher one goes first; HIGH is for admins."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class LabelInput(BaseModel):
    """What becomes of labels with few rows."""

    rare: Optional[RareLabels] = None
    "What is done with them."
    min_rows: Optional[int] = None
    "A label with fewer rows is rare, 2 or more; rows of equal text count once."


class LearnFromCorrectionsInput(BaseModel):
    """A model that is to learn from its corrections."""

    model_id: str
    "A model of the caller's own."
    retrain: Optional[bool] = None
    "Whether to train once the data set has grown, and to compare what comes of it with the version before."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class PredictInput(BaseModel):
    """Texts for a model."""

    model: str
    "The model's name or id, or the id of a version: the published one, or any of the caller's own."
    texts: list[str]
    "The texts, at most 64 with at most 10,000 characters each; for a model of sequences a text may be a FASTA or FASTQ record."
    top_k: Optional[int] = None
    "Labels to score, 1 to 100."
    neighbours: Optional[int] = None
    "Nearest training rows to show, 0 to 20."


class PromiseInput(BaseModel):
    """What answers are to keep; texts that would not get none. Another promise on the same data does not learn anew."""

    max_risk: Optional[float] = None
    "Share wrong among the answered, at most, between 0 and 1 (0.02 for 2 %); null asks for nothing. Where the rows cannot bear it, the least that they can is promised instead, and the job's log warns."
    confidence: Optional[float] = None
    "How sure that is to be, 0.5 to 0.999."
    coverage: Optional[float] = None
    "Share of texts whose label is in their prediction set, 0.5 to 0.999."
    out_share: Optional[float] = None
    "Share of texts like those learnt from that may be called OUT_OF_DISTRIBUTION, 0 to 0.5; 0 calls none so."


class PublishModelInput(BaseModel):
    """A version to answer under its model's name."""

    model_id: str
    "The model."
    version_id: str
    "A version of it."
    force: Optional[bool] = None
    "Publish it although it fails golden questions that block."
    dry_run: Optional[bool] = None
    "Tell the effect and change nothing. What would be refused is refused."
    expected_version: Optional[int] = None
    "The `revision` that the caller saw; refused when the record changed since."


class ReviewCorrectionsInput(BaseModel):
    """Corrections of one model, and what to make of them."""

    model_id: str
    "A model of the caller's own."
    prediction_ids: list[str]
    "The corrected answers, at most 100."
    review: Review
    "Whether they are right."
    expected_versions: Optional[list[int]] = None
    "The `revision` of each answer that the caller saw, in the places of `predictionIds`, so at most 100: refused when one was corrected again since."


class RowInput(BaseModel):
    """One row, given in the request itself."""

    text: str
    "The text or the sequence."
    label: Optional[str] = None
    "Its label."
    split: Optional[str] = None
    "Such as `train` or `test`."


class RunBulkMutationInput(BaseModel):
    """A mutation to be run once for each line of variables."""

    mutation: str
    "A document with one mutation, its input one variable: `f(input: $input)`."
    upload_id: Optional[str] = None
    'A file from `createUpload` of at most 100 MB: each line is a JSON object, the variables of one run, such as `{"input": {...}}`.'
    lines: Optional[str] = None
    "The lines themselves, at most 1 MB, instead of a file."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class RunBulkQueryInput(BaseModel):
    """A query to be run over all its pages."""

    query: str
    "A document with one query, without variables. It selects one list, at the root or within single things; lists may lie within its things, at most 5 in all and 3 one within another. `first` and `after` are left out: every list is read to its end."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class SequenceFilterInput(BaseModel):
    """Which sequences of a file are taken; each that is not is told among `problems`."""

    min_length: Optional[int] = None
    "Letters, at least."
    max_length: Optional[int] = None
    "Letters, at most."
    max_ambiguous: Optional[int] = None
    "N and other letters for one of several, at most."
    max_expected_errors: Optional[float] = None
    "Sum of the error probabilities that a read's qualities tell, at most; 1 is usual."
    trim_quality: Optional[int] = None
    "Cut ends of qualities below this Phred score, 1 to 93, before all else."


class SignInInput(BaseModel):
    """Who signs in."""

    email: str
    "In any spelling of capitals."
    password: str
    "As it was chosen."


class SplitInput(BaseModel):
    """Which rows test the model."""

    test_share: Optional[float] = None
    "Share of the rows held out, between 0 and 1."
    use_given: Optional[bool] = None
    "Whether splits in the data go first."


class StartTrainingInput(BaseModel):
    """A training to be done."""

    dataset_version_id: str
    "What to train on; it must be READY."
    model_name: Optional[str] = None
    "Name of the model that gets the new version: one of the caller's, or a new one; null names it after the data set."
    spec: Optional["TrainingSpecInput"] = None
    "How to train; the default is a good start."
    priority: Optional[Priority] = None
    "Among jobs that wait, a higher one goes first; HIGH is for admins."
    idempotency_key: Optional[str] = None
    "The caller's own key: sent again with it, the same request is done once in 24 hours."


class TrainingSpecInput(BaseModel):
    """What a training does; every part has a default that works."""

    embedder: Optional["EmbedderInput"] = None
    "How texts become vectors."
    clusterer: Optional["ClustererInput"] = None
    "How rows are grouped."
    classifier: Optional["ClassifierInput"] = None
    "How labels are learnt."
    split: Optional["SplitInput"] = None
    "Which rows test the model."
    seed: Optional[int] = None
    "Fixes everything random, 0 or more."
    max_rows: Optional[int] = None
    "Trains on a stratified sample of this many rows, at least 10; null takes all."
    labels: Optional["LabelInput"] = None
    "What becomes of labels with few rows."
    promise: Optional["PromiseInput"] = None
    "What answers are to keep."
    pieces: Optional[int] = None
    "For sequences: learns from pieces of so many letters as well, 30 to 100,000. Give about the length of the reads where these are much shorter than the references: a model of whole ones alone calls such reads OUT_OF_DISTRIBUTION."


CreateDatasetInput.model_rebuild()
IndexDatasetInput.model_rebuild()
StartTrainingInput.model_rebuild()
TrainingSpecInput.model_rebuild()
