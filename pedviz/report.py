"""A comparison as one HTML file that opens from disk: offline, light and dark, with the charts of the page.

The page's own modules are written into the file.
"""

import html
import json

from pedviz.comparison import Comparison
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.result_types import Estimate
from pedviz.site.assets import WEB_FOLDER
from pedviz.site.bundles import bundle
from pedviz.viz.palette import ComparisonPayload, chart_inks

ENTRY = "results/report.js"
STYLES = ("base/theme.css", "base/shell.css", "charts/charts.css", "charts/results.css")
DARK = (
    "document.documentElement.classList.toggle('dark', matchMedia('(prefers-color-scheme: dark)').matches);"
)
KIND_NAMES = {"bbox": "Boxes", "segm": "Masks"}


def payload(comparison: Comparison) -> ComparisonPayload:
    """What the page's modules draw from: the comparison and the colours of its charts."""
    return {**comparison.data, "inks": chart_inks()}


def report_html(comparison: Comparison) -> str:
    """The whole report; its numbers stand in it as a table too, for a browser without JavaScript."""
    data = json.dumps(payload(comparison), allow_nan=False).replace("<", "\\u003c")
    title = html.escape(" and ".join(comparison.names))
    script = bundle((ENTRY,)).replace("</script", "<\\/script")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: detection results</title>
<script>{DARK}</script>
<style>
{_styles()}
</style>
</head>
<body class="pv-root">
<main class="pv-wide" id="main">
<h1>{title}</h1>
<div id="results">{summary_html(comparison)}</div>
<p class="pv-muted">Made with PedViz. Everything is in this file; nothing is loaded from elsewhere.</p>
</main>
<script type="application/json" id="data">{data}</script>
<script type="module">
{script}</script>
</body>
</html>
"""


def summary_html(comparison: Comparison) -> str:
    """The verdicts and the twelve numbers as plain HTML: for a notebook, and until the charts stand."""
    parts = []
    for kind in comparison.kinds:
        found = comparison.data["by_kind"][kind]
        parts.append(f"<h2>{KIND_NAMES[kind]}</h2>")
        if found["difference"] and found["difference"]["AP"]:
            parts.append(f"<p>{html.escape(found['difference']['AP']['sentence'])}</p>")
        header = "".join(f'<th scope="col">{key}</th>' for key in ("Detector", *STAT_KEYS))
        rows = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th>'
            + "".join(f"<td>{_number(run['numbers'][key])}</td>" for key in STAT_KEYS)
            + "</tr>"
            for name, run in zip(comparison.names, found["runs"], strict=True)
        )
        parts.append(
            f'<div class="pvr-scroll" tabindex="0"><table class="pvr-table"><thead><tr>{header}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )
    return "".join(parts)


def _number(found: Estimate | None) -> str:
    return "n/a" if found is None else f"{found['value']:.3f}"


def _styles() -> str:
    """The stylesheets; all but the colours hold for what lies within .pv-root, as on the site."""
    tokens, *parts = [(WEB_FOLDER / name).read_text("utf-8") for name in STYLES]
    body = "body { margin: 0; background: var(--pv-bg); }"
    return "\n".join([tokens, body, ".pv-root {", *parts, ".pv-wide { padding-block: 24px; }", "}"])
