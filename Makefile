# make demo   reads an example article with the embedded model (installs inference alone: no torch)
# make test   runs the whole test suite (installs everything)
# make lint   ruff, mypy
# make wheel  builds the wheel, installs it alone into a fresh environment and reads an article there
# make corpus builds annotations/corpus/*.jsonl from the inline sources
# make model  fine-tunes, exports and installs the embedded model (about a quarter of an hour on two cores)
# make encoder makes the encoder it starts from, with the text in the folder text (four hours on two cores)

PYTHON ?= python3
PIP = .venv/bin/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
WARWIRE = .venv/bin/warwire
DEFAULT_FILES = config.json model.int8.onnx model.safetensors tokenizer.json tokenizer_config.json warwire.json

.PHONY: demo test lint wheel corpus model encoder clean

demo: .venv/core
	$(WARWIRE) extract annotations/corpus/example.txt --date 2024-03-02

test: .venv/dev
	.venv/bin/python -m pytest

lint: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PIP) --no-deps --upgrade --target .types .
	.venv/bin/mypy

wheel: .venv/core
	rm -rf build/wheel && mkdir -p build/wheel
	.venv/bin/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip install --quiet --constraint constraints.txt build/wheel/*.whl
	cp annotations/corpus/example.txt build/wheel/article.txt
	cd build/wheel && venv/bin/warwire --help > help.txt && venv/bin/warwire extract article.txt -f rows > rows.csv
	test -s build/wheel/rows.csv
	! build/wheel/venv/bin/python -c "import torch" 2> build/wheel/torch.txt

corpus: .venv/core
	$(WARWIRE) annotate check annotations/corpus/inline
	$(WARWIRE) annotate split annotations/corpus/inline --out annotations/corpus
	$(WARWIRE) annotate audit annotations/corpus/train.jsonl annotations/corpus/dev.jsonl annotations/corpus/test.jsonl \
		--ambiguous annotations/corpus/ambiguous.tsv
	$(WARWIRE) annotate card annotations/corpus

model: .venv/dev
	$(WARWIRE) train train/configs/default.yaml
	$(WARWIRE) export runs/default/model
	mkdir -p model/default
	cd runs/default/model && cp $(DEFAULT_FILES) ../../../model/default/

encoder: .venv/dev
	$(WARWIRE) pretrain train/configs/encoder.yaml
	$(WARWIRE) pretrain train/configs/encoder-further.yaml
	for seed in 1 2; do \
		$(WARWIRE) train train/configs/default.yaml base=../../runs/encoder/encoder out=runs/teacher-$$seed seed=$$seed \
			optimiser.epochs=6 optimiser.learning_rate=5.0e-4; done
	$(WARWIRE) pseudolabel runs/teacher-1/model runs/teacher-2/model --share 0.45 \
		--text text/news_war_and_conflict.txt.zst --out runs/pseudo-news.jsonl
	$(WARWIRE) pseudolabel runs/teacher-1/model runs/teacher-2/model --share 0.06 \
		--text text/allsides_news_37k.txt.zst --out runs/pseudo-other.jsonl
	$(WARWIRE) train train/configs/student.yaml
	rm -rf model/encoder/*.json model/encoder/*.safetensors
	cd runs/student/model && cp config.json model.safetensors tokenizer.json tokenizer_config.json ../../../model/encoder/

clean:
	rm -rf .venv .types build *.egg-info

.venv/python:
	$(PYTHON) -m venv .venv
	touch $@

.venv/core: .venv/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/dev: .venv/core
	$(PIP) --editable '.[dev]'
	touch $@
