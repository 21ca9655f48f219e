"""Tests that fail today, each with what is known of it: shown as expected failures at the end of every run.

An entry is a debt. Whoever fixes the fault deletes its line, and nothing is added without a reason.
"""

_SHIFT = "layout shift at start is .06 to .09, not below .05: Gradio's loading frame gives way to the page"
_COPY = "written while the page of results was added: two alerts in the copy are not explained yet"

KNOWN_FAILURES = {
    "tests/e2e/test_one_screen.py::test_photo_and_thresholds_are_in_view_together": _SHIFT,
    "tests/e2e/test_prefix.py::test_pages_thumbnails_and_uploads_work_below_a_prefix": "the made-up detectors "
    "of this test cannot give the trace that lesson 7 asks for",
    "tests/e2e/test_prefix.py::test_pages_work_in_frames_of_another_site": "the posted height of a frame has "
    "not been seen to arrive on another site",
    "tests/e2e/test_static_copy.py::test_every_page_works_without_our_server": _COPY,
    "tests/e2e/test_static_copy.py::test_detect_shows_stored_results_and_says_what_needs_the_server": _COPY,
    "tests/e2e/test_frame.py::test_dark_mode_follows_the_system_the_address_and_the_button": "the theme of the "
    "system is not followed when the address names the other one; seen once, cause unknown",
    "tests/web/test_comparison.py::test_the_score_slider_follows_the_mouse_without_any_request": "the slider's "
    "new width moves the place that the mouse lets go",
    "tests/web/test_lesson_ap.py::test_a_chip_is_dragged_to_another_rank": "the folded sections moved what the "
    "mouse grips; not looked at in the page yet",
    "tests/web/test_lesson_iou_masks.py::test_a_stroke_paints_the_chosen_mask_and_one_undo_wipes_it": "as the "
    "chip of average precision",
    "tests/web/test_lesson_link.py::test_a_person_drawn_by_the_visitor_counts_as_well": "the thresholds that "
    "stay in view cover the place where the drawn box ends",
    "tests/web/test_presenter.py::test_every_step_fits_the_projector[losses]": "a step of lesson 4 lies below "
    "the fold at 1280 x 720",
    "tests/web/test_worksheets.py::test_new_numbers_ask_other_questions[photo]": "lesson 7's questions have no "
    "numbers before a photo is chosen",
    "tests/ui/test_processes.py": "two processes behind nginx did not answer in time on a busy machine",
}


def reason_for(node_id: str) -> str | None:
    """Why a test is expected to fail; None where it is not."""
    return next((why for start, why in KNOWN_FAILURES.items() if node_id.startswith(start)), None)
