"""Training, evaluation and benchmarks. Runs without gradio; nothing in pedviz imports it."""
