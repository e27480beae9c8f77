"""What the demo asks for."""

from __future__ import annotations

import pytest

from shoal.demo.steps import Plain, embedder_of


@pytest.mark.parametrize(
    ("warnings", "kind"),
    [([], "KMER"), ([{"embedder": None}], "KMER"), ([{"embedder": {"kind": "TFIDF"}}], "TFIDF")],
)
def test_sequences_are_embedded_as_their_profile_proposes(warnings: list[Plain], kind: str) -> None:
    assert embedder_of({"warnings": warnings}) == kind
