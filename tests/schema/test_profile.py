"""What ingest found, as callers see it: sequences, warnings, and how a file is to be read."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from store.records.advice import Advice, AdviceCode
from store.records.dataset import DataKind, LanguageShare, Rejections
from store.records.sequences import (
    Abundance,
    LengthBin,
    Molecule,
    QualityBin,
    SequenceFilter,
    SequenceProfile,
)
from store.records.training import EmbedderKind, EmbedderSpec
from tests.schema.conftest import Caller
from tests.schema.making import CREATE, PROFILE, ready_version

VERSION = """
query($id: ID!) {
  node(id: $id) {
    ... on DatasetVersion {
      source { sequenceFilter { minLength maxLength maxAmbiguous maxExpectedErrors trimQuality } }
      profile {
        languages { language share } rejections { code rows }
        warnings { code message embedder { kind model } }
        sequences {
          molecule reads letters unique duplicates size gcShare ambiguousShare ambiguousReads
          lengths { first last rows } top { name rows size } quality_reads: qualityReads
          phredOffset meanQuality expectedErrors
          qualityByPosition { first last letters meanQuality }
        }
      }
    }
  }
}
"""
ESTIMATE = """
query($id: ID!, $spec: TrainingSpecInput) {
  estimateTraining(datasetVersionId: $id, spec: $spec) { warnings { code message } }
}
"""
REFUSAL = """
query($id: ID!, $spec: TrainingSpecInput) {
  estimateTraining(datasetVersionId: $id, spec: $spec) { refusal { message } }
}
"""
UPLOAD = """
mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } } }
"""
NOT_ENGLISH = Advice(
    AdviceCode.NOT_ENGLISH, "the rows are German", EmbedderSpec(kind=EmbedderKind.TFIDF)
)
PROTEIN = Advice(AdviceCode.PROTEIN, "these are proteins")
READS = SequenceProfile(
    molecule=Molecule.DNA, reads=12, letters=5_000_000_000, unique=11, duplicates=1, gc_share=0.5,
    ambiguous_share=0.01, ambiguous_reads=2, size=14, lengths=(LengthBin(1, 4, 12),),
    top=(Abundance("r1;size=3", 1, 3),), quality_reads=12, phred_offset=33, mean_quality=30.5,
    expected_errors=0.4, quality_by_position=(QualityBin(1, 2, 24, 31.0),),
)  # fmt: skip


async def profiled(alice: Caller, **found: Any) -> str:
    """The id of a ready version with more in its profile."""
    version_id = await ready_version(alice)
    profile = replace(PROFILE, **found)
    await alice.store.mongo.dataset_versions.amend(
        version_id, lambda known: replace(known, profile=profile)
    )
    return version_id


async def test_sequences_are_shown(alice: Caller) -> None:
    version_id = await profiled(
        alice, sequences=READS, rejections=(Rejections("TOO_AMBIGUOUS", 3),), warnings=(PROTEIN,)
    )
    shown = (await alice(VERSION, id=version_id))["node"]["profile"]
    assert shown["rejections"] == [{"code": "TOO_AMBIGUOUS", "rows": 3}]
    assert shown["warnings"] == [
        {"code": "PROTEIN", "message": "these are proteins", "embedder": None}
    ]
    found = shown["sequences"]
    assert (found["molecule"], found["letters"], found["size"]) == ("DNA", 5_000_000_000, 14)
    assert found["lengths"] == [{"first": 1, "last": 4, "rows": 12}]
    assert found["top"] == [{"name": "r1;size=3", "rows": 1, "size": 3}]
    assert found["qualityByPosition"] == [
        {"first": 1, "last": 2, "letters": 24, "meanQuality": 31.0}
    ]


async def test_a_profile_of_before_has_none_of_it(alice: Caller) -> None:
    shown = (await alice(VERSION, id=await ready_version(alice)))["node"]
    assert shown["profile"] == {
        "languages": [], "rejections": [], "warnings": [], "sequences": None,
    }  # fmt: skip
    assert shown["source"] == {"sequenceFilter": None}


@pytest.mark.parametrize(
    ("embedder", "codes"),
    [
        ({}, ["NOT_ENGLISH"]),
        ({"kind": "STATIC"}, ["NOT_ENGLISH"]),
        ({"model": "/models/my-own"}, ["NOT_ENGLISH"]),
        ({"model": "paraphrase-multilingual-MiniLM-L12-v2"}, []),
        ({"model": "BAAI/bge-m3"}, []),
        ({"kind": "TFIDF"}, []),
        ({"kind": "KMER"}, ["PROTEIN"]),
    ],
)
async def test_an_estimate_warns_of_what_the_embedder_does_not_know(
    alice: Caller, embedder: dict[str, Any], codes: list[str]
) -> None:
    version_id = await profiled(
        alice, languages=(LanguageShare("de", 1.0),), warnings=(NOT_ENGLISH, PROTEIN)
    )
    told = await alice(ESTIMATE, id=version_id, spec={"embedder": embedder})
    assert [each["code"] for each in told["estimateTraining"]["warnings"]] == codes


async def test_texts_are_not_cut_into_pieces(alice: Caller) -> None:
    told = await alice(REFUSAL, id=await ready_version(alice), spec={"pieces": 250})
    refusal = told["estimateTraining"]["refusal"]
    assert refusal["message"] == "only sequences are cut into pieces"


async def test_pieces_have_a_length(alice: Caller) -> None:
    version_id = await ready_version(alice)
    await alice.store.mongo.dataset_versions.amend(
        version_id, lambda known: replace(known, kind=DataKind.SEQUENCE)
    )
    for pieces in (29, 100_001):
        spec = {"pieces": pieces, "embedder": {"kind": "KMER"}}
        told = await alice(REFUSAL, id=version_id, spec=spec)
        assert told["estimateTraining"]["refusal"]["message"] == "pieces must be 30 to 100000"
    spec = {"pieces": 30, "embedder": {"kind": "KMER"}}
    told = await alice(REFUSAL, id=version_id, spec=spec)
    assert told["estimateTraining"]["refusal"] is None


async def uploaded(alice: Caller) -> str:
    data = b">a\nACGT\n"
    asked = {"filename": "a.fasta", "size": len(data), "sha256": sha256(data).hexdigest()}
    upload_id: str = (await alice(UPLOAD, input=asked))["createUpload"]["upload"]["id"]
    upload = await alice.store.mongo.uploads.get(upload_id)
    await alice.store.objects.put_bytes(upload.object_key, data)
    return upload_id


async def test_a_filter_is_kept_with_the_file(alice: Caller) -> None:
    wanted = {"minLength": 100, "maxExpectedErrors": 1.0}
    asked = {"name": "Reads", "uploadId": await uploaded(alice), "sequenceFilter": wanted}
    payload = (await alice(CREATE, input=asked))["createDataset"]
    assert payload["userErrors"] == []
    version = await alice.store.mongo.dataset_versions.get(payload["version"]["id"])
    assert version.source.sequence_filter == SequenceFilter(min_length=100, max_expected_errors=1)
    shown = (await alice(VERSION, id=version.id))["node"]["source"]["sequenceFilter"]
    assert (shown["minLength"], shown["maxLength"]) == (100, None)


@pytest.mark.parametrize(
    ("wanted", "path", "message"),
    [
        ({"minLength": 0}, ["sequenceFilter", "minLength"], "minLength must be 1 to 16777216"),
        ({"trimQuality": 94}, ["sequenceFilter", "trimQuality"], "trimQuality must be 1 to 93"),
        ({"maxExpectedErrors": -0.5}, ["sequenceFilter", "maxExpectedErrors"],
         "maxExpectedErrors must be 0 to 1000000"),
        ({"minLength": 9, "maxLength": 8}, ["sequenceFilter"],
         "minLength is greater than maxLength"),
    ],
)  # fmt: skip
async def test_a_filter_out_of_its_range_makes_nothing(
    alice: Caller, wanted: dict[str, Any], path: list[str], message: str
) -> None:
    asked = {"name": "Reads", "uploadId": await uploaded(alice), "sequenceFilter": wanted}
    (error,) = (await alice(CREATE, input=asked))["createDataset"]["userErrors"]
    assert error["code"] == "BAD_USER_INPUT"
    assert error["message"] == message
    assert error["path"][-len(path) :] == path
    assert await alice.store.mongo.datasets.count({}) == 0
