"""What `python -m pedviz` can do, one module a command. Each command is handed `say`, which prints a line."""

from pedviz.interrupts import end_quietly

end_quietly()
