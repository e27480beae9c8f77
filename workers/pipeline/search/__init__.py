"""Rows found by what they mean and by their words: built once, mapped into memory, never changed.

    manifest.json   format, kind, embedder key, sizes, measured recall, every file's SHA-256
    rows/           numbers.npy, texts.bin, offsets.npy, names.json, and of labels and splits a
                    .npy of codes and a .json of what they stand for
    vectors.npy     (n, d) float16
    words/          terms.json, starts.npy, places.npy, weights.npy: BM25 in rows of a sparse matrix
    graph.faiss     above EXACT_ROWS rows: HNSW over the vectors
    engine/         the embedder, where it was fitted to these rows

Arrays, JSON and faiss's own format for the graph; never a pickle.
"""
