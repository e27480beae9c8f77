"""Make the default embedder's engine once, at installation: `python -m workers.pipeline.embedders`.

The first training would make it otherwise, and take some ten seconds longer.
"""

from __future__ import annotations

from store.records.training import EmbedderSpec
from workers.pipeline.embedders.engine import EngineEmbedder, prepared
from workers.pipeline.embedders.key import embedder_key


def main() -> None:
    """Make it, unless it is there."""
    spec = EmbedderSpec()
    key = embedder_key(spec)
    assert key is not None
    EngineEmbedder.opened(spec, prepared(key), threads=None)


if __name__ == "__main__":
    main()
