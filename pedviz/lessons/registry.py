"""The course: every lesson, in order."""

from pedviz.lessons import ap, attention, iou, losses, parameters, photo, roi
from pedviz.lessons.lesson import Lesson


def in_order(*lessons: Lesson) -> tuple[Lesson, ...]:
    """`lessons` as they are, once it is known that each has its own slug and that their numbers rise.

    Raises:
        ValueError: a slug occurs twice, or the numbers do not rise.
    """
    slugs = [lesson.slug for lesson in lessons]
    if len(set(slugs)) != len(slugs):
        raise ValueError(f"expected every slug once, got {', '.join(slugs)}")
    numbers = [lesson.number for lesson in lessons]
    if numbers != sorted(set(numbers)):
        raise ValueError(f"expected rising lesson numbers, got {numbers}")
    return lessons


LESSONS = in_order(
    iou.LESSON, ap.LESSON, roi.LESSON, losses.LESSON, attention.LESSON, parameters.LESSON, photo.LESSON
)
