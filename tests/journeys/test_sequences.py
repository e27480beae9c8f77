"""Sequences through the public API: a FASTA file becomes a model that names a read's genus."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from shoal.demo import documents
from shoal.demo.api import Api
from tests.journeys.sequences import GENERA, mutated, references, write_fasta, write_fastq
from tests.journeys.test_main_job import followed, trained, upload
from workers.pipeline.sequences import reverse_complement

CREATE = """
mutation Create($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    version { id job { id } } userErrors { code message }
  }
}"""
VERSION = """
query Version($id: ID!) {
  node(id: $id) {
    ... on DatasetVersion {
      status rejectedRows columns { label reasons } source { sequenceFilter { maxAmbiguous } }
      problems { code line value }
      profile {
        language warnings { code } rejections { code rows }
        labels { label rows }
        sequences {
          molecule reads unique duplicates gcShare ambiguousReads meanQuality phredOffset
          qualityByPosition { first last letters meanQuality } lengths { first last rows }
          top { name rows size }
        }
      }
    }
  }
}"""
PREDICT = """
query Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions { label neighbours { name label cosine identity } } userErrors { code message }
  }
}"""


async def ingested(api: Api, path: Path, **options: Any) -> tuple[str, dict[str, Any]]:
    """The id of a version that was read from the file, and what the API shows of it."""
    asked = {"name": path.stem, "uploadId": await upload(api, path), **options}
    version_id = (await api.do(CREATE, **asked))["version"]["id"]
    made = (await api.run(documents.DATASET_VERSION, id=version_id))["node"]
    await followed(api, made["job"]["id"])
    return version_id, (await api.run(VERSION, id=version_id))["node"]


async def test_a_read_gets_its_genus_and_its_nearest_reference(api: Api, tmp_path: Path) -> None:
    version_id, version = await ingested(api, write_fasta(tmp_path / "genera.fasta"))
    assert version["columns"]["label"] == "genus"
    assert "finest rank" in version["columns"]["reasons"][0]
    assert {each["label"] for each in version["profile"]["labels"]} == set(GENERA)
    found = version["profile"]["sequences"]
    assert (found["molecule"], found["reads"], found["unique"]) == ("DNA", 37, 36)
    assert found["top"] == [{"name": "A0 d__Animalia;p__Chordata;g__Aquila;s__Aquila_a0",
                             "rows": 2, "size": 2}]  # fmt: skip
    made = await trained(api, version_id, "genera", {"embedder": {"kind": "KMER"}})
    await api.do(documents.PUBLISH_MODEL, modelId=made["model"]["id"], versionId=made["id"])
    _, genus, sequence = references()[17]
    read = reverse_complement(mutated(sequence, 0.01, random.Random(2)))
    asked = {"model": "genera", "texts": [f">a read\n{read}\n"], "neighbours": 3}
    answer = (await api.run(PREDICT, input=asked))["predict"]["predictions"][0]
    assert answer["label"] == genus
    nearest = answer["neighbours"][0]
    assert nearest["label"] == genus
    assert 0.9 < nearest["identity"] <= 1
    assert nearest["name"].split()[1].endswith(f"s__{genus}_{nearest['name'].split()[0].lower()}")


async def test_bad_reads_are_left_out_and_told(api: Api, tmp_path: Path) -> None:
    wanted = {"maxAmbiguous": 5, "trimQuality": 10}
    path = write_fastq(tmp_path / "reads.fastq")
    _, version = await ingested(api, path, sequenceFilter=wanted)
    assert (version["status"], version["rejectedRows"]) == ("READY", 2)
    assert version["source"]["sequenceFilter"] == {"maxAmbiguous": 5}
    assert version["profile"]["rejections"] == [
        {"code": "SEQUENCE_TOO_SHORT", "rows": 1}, {"code": "TOO_AMBIGUOUS", "rows": 1},
    ]  # fmt: skip
    told = [(each["code"], each["line"], each["value"]) for each in version["problems"]]
    assert told == [("SEQUENCE_TOO_SHORT", 13, "bad"), ("TOO_AMBIGUOUS", 17, "n")]
    found = version["profile"]["sequences"]
    assert (found["reads"], found["phredOffset"], found["meanQuality"]) == (3, 33, 40.0)
    assert len(found["qualityByPosition"]) == 100
