"""Imported once by the process whose copies the training runs of the tests are: what is slow the first time."""

import gc
import tempfile
import warnings

from transformers import BertConfig, BertForTokenClassification
from transformers.utils.logging import disable_progress_bar

disable_progress_bar()
with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
    warnings.simplefilter("ignore")
    tiny = BertConfig(vocab_size=8, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, intermediate_size=4)
    BertForTokenClassification(tiny).save_pretrained(folder)
    BertForTokenClassification.from_pretrained(folder)
gc.collect()
gc.freeze()
