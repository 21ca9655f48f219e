"""The course: every lesson, in order."""

from pedviz.lessons import iou
from pedviz.lessons.lesson import Lesson


def in_order(*lessons: Lesson) -> tuple[Lesson, ...]:
    """`lessons` as they are, once it is known that each has its own slug and its place as its number.

    Raises:
        ValueError: a slug occurs twice, or the numbers are not 1, 2, 3 ...
    """
    slugs = [lesson.slug for lesson in lessons]
    if len(set(slugs)) != len(slugs):
        raise ValueError(f"expected every slug once, got {', '.join(slugs)}")
    numbers = [lesson.number for lesson in lessons]
    if numbers != list(range(1, len(lessons) + 1)):
        raise ValueError(f"expected lessons numbered 1 to {len(lessons)}, got {numbers}")
    return lessons


LESSONS = in_order(iou.LESSON)
