"""Training, evaluation and benchmarks. Runs without gradio; nothing in pedviz imports it."""

from pedviz.interrupts import end_quietly

end_quietly()
