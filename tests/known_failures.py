"""Tests that fail today, each with what is known of it: shown as expected failures at the end of every run.

An entry is a debt. Whoever fixes the fault deletes its line, and nothing is added without a reason.
"""

_SHIFT = "layout shift at start is .06 to .09, not below .05: Gradio's loading frame gives way to the page"
_MOUSE = "what the mouse grips has moved since sections fold and thresholds stay in view; not looked at yet"

# Folder, file and test (or its beginning), and the reason.
KNOWN_FAILURES = (
    ("e2e/test_one_screen", "test_photo_and_thresholds_are_in_view_together", _SHIFT),
    ("e2e/test_frame", "test_dark_mode_follows_the_system", "the theme did not follow; cause unknown"),
    ("web/test_comparison", "test_the_score_slider_follows_the_mouse", _MOUSE),
    ("web/test_lesson_link", "test_a_person_drawn_by_the_visitor_counts_as_well", _MOUSE),
)


def reason_for(node_id: str) -> str | None:
    """Why a test is expected to fail; None where it is not."""
    return next(
        (why for file, test, why in KNOWN_FAILURES if node_id.startswith(f"tests/{file}.py::{test}")), None
    )
