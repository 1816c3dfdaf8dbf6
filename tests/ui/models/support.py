"""Models for tests of the Models window."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.core.local_models import BUILT_IN_LOCAL_MODEL, Fit, LocalModel, ModelFacts, ModelKind, Origin
from chatbot_app.ui.models.model_row import ModelRow

WELL = Fit("well", 5_200_000_000, 8192, "It takes 5.2 GB of memory with a window of 8,192 tokens.")
SLOWLY = Fit("slowly", 9_000_000_000, 4096, "It takes 9.0 GB, of which 2.0 GB are free now.")
NO = Fit("no", 40_000_000_000, 2048, "It takes 40.0 GB, and this computer has 16.0 GB.")

FACTS = ModelFacts(
    architecture="qwen2",
    title="Qwen",
    parameters=7_615_616_512,
    quantisation="Q4_K_M",
    context_length=32_768,
    licence="apache-2.0",
    has_template=True,
    bytes=4_683_073_536,
    parts=2,
    layers=28,
)
DOWNLOADED = LocalModel(
    "d1",
    "Qwen2.5-7B-Instruct-Q4_K_M",
    Path("/models/hub/Qwen/qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf"),
    FACTS,
    origin=Origin("Qwen/Qwen2.5-7B-Instruct-GGUF", "qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf"),
    tokens_per_second=11.34,
)
OWN = LocalModel(
    "o1", "my <b>model</b>", Path("/home/me/my.gguf"), ModelFacts(bytes=1_000_000, kind=ModelKind.CHAT)
)
VECTORS = LocalModel("v1", "bge", Path("/x/bge.gguf"), ModelFacts(bytes=30_000_000, kind=ModelKind.EMBEDDING))

BUILT_IN_ROW = ModelRow(BUILT_IN_LOCAL_MODEL, True, True, WELL)
DOWNLOADED_ROW = ModelRow(DOWNLOADED, False, False, SLOWLY, "", True)
OWN_ROW = ModelRow(OWN, False, False, NO)
VECTORS_ROW = ModelRow(VECTORS, False, False, WELL)
GONE_ROW = ModelRow(OWN, False, False, None, "The file /home/me/my.gguf is not there any more.")
