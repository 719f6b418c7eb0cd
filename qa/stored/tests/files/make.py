"""Writes the Parquet files of this folder: what pyarrow and pandas make of the columns of docs/stored_beliefs.md."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

episodes = np.repeat(np.arange(6), 2)
rows = {
    "split": pa.array(["train", "validation", "test"] * 4).take(pa.array(episodes % 3)).dictionary_encode(),
    "episode": pa.array(episodes, pa.uint16()),
    "step": pa.array(np.full(12, 30), pa.int8()),
    "question": pa.array([0, 1] * 6, pa.uint64()),
    "template": pa.array(["exist", "color"] * 6, pa.large_string()),
    "tokens": pa.array([["is", "there", "a", "rubber duck"], ["what", "color", "is", "the", "bed"]] * 6),
    "answer": pa.array(["yes", "red", "no", "blue"] * 3),
    "belief": pa.FixedSizeListArray.from_arrays(np.repeat(np.arange(24, dtype=np.float32).reshape(6, 4) / 8, 2, 0).ravel(), 4),
    "seen": pa.array([True, False] * 6),
    "steps_since_seen": pa.array([3, None] * 6, pa.int16()),
}
table = pa.table(rows)
pq.write_table(table, "pyarrow.parquet", compression="zstd")
pq.write_table(table, "lz4.parquet", compression="lz4")

frame = pd.DataFrame({
    "split": [["train", "validation", "test"][episode % 3] for episode in episodes],
    "episode": episodes,
    "step": 30,
    "question": [0, 1] * 6,
    "template": ["exist", "color"] * 6,
    "text": ["Is there a sofa?", "What color is the bed?"] * 6,
    "answer": ["yes", "red", "no", "blue"] * 3,
    "belief": list(np.repeat(np.arange(24.0).reshape(6, 4) / 8, 2, 0)),
    "steps_since_seen": [3.0, np.nan] * 6,
})
frame.loc[len(frame)] = ["test", 5, 20, None, None, None, None, np.ones(4), np.nan]
frame.to_parquet("pandas.parquet")
