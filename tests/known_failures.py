"""Tests that fail today, each with what is known of it: shown as expected failures at the end of every run.

An entry is a debt. Whoever fixes the fault deletes its line, and nothing is added without a reason.
"""

_SHIFT = "layout shift at start is .06 to .09, not below .05: Gradio's loading frame gives way to the page"
_COPY = "written while the page of results was added: two alerts in the copy are not explained yet"
_MOUSE = "what the mouse grips has moved since sections fold and thresholds stay in view; not looked at yet"

# Folder, file and test (or its beginning), and the reason.
KNOWN_FAILURES = (
    ("e2e/test_one_screen", "test_photo_and_thresholds_are_in_view_together", _SHIFT),
    ("e2e/test_prefix", "test_pages_thumbnails", "made-up detectors cannot give the trace of lesson 7"),
    ("e2e/test_prefix", "test_pages_work_in_frames", "the posted height was not seen on another site"),
    ("e2e/test_static_copy", "test_every_page_works_without_our_server", _COPY),
    ("e2e/test_static_copy", "test_detect_shows_stored_results", _COPY),
    ("e2e/test_frame", "test_dark_mode_follows_the_system", "the theme did not follow; cause unknown"),
    ("web/test_comparison", "test_the_score_slider_follows_the_mouse", _MOUSE),
    ("web/test_lesson_ap", "test_a_chip_is_dragged_to_another_rank", _MOUSE),
    ("web/test_lesson_iou_masks", "test_a_stroke_paints_the_chosen_mask", _MOUSE),
    ("web/test_lesson_link", "test_a_person_drawn_by_the_visitor_counts_as_well", _MOUSE),
    ("web/test_presenter", "test_every_step_fits_the_projector[losses]", "a step lies below the fold"),
    ("web/test_worksheets", "test_new_numbers_ask_other_questions[photo]", "no numbers before a photo"),
    ("ui/test_processes", "test_", "two processes behind nginx did not answer in time on a busy machine"),
)


def reason_for(node_id: str) -> str | None:
    """Why a test is expected to fail; None where it is not."""
    return next(
        (why for file, test, why in KNOWN_FAILURES if node_id.startswith(f"tests/{file}.py::{test}")), None
    )
