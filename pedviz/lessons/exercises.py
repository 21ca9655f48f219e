"""Exercises with fixed numbers: three a lesson, of rising difficulty, with answers to check by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise.

    Attributes:
        asks: everything that is needed to solve it.
        answer: the result and the way to it.
        value: the result as a number, for the tests, which compute it with `pedviz.theory`.
    """

    asks: str
    answer: str
    value: float


EXERCISES: dict[str, tuple[Exercise, ...]] = {
    "iou": (
        Exercise(
            asks="A = (0, 0, 10, 10) and B = (5, 0, 15, 10). What is their IoU?",
            answer="1/3. They share 5 × 10 = 50 and cover 100 + 100 − 50 = 150 square pixels.",
            value=1 / 3,
        ),
        Exercise(
            asks="A prediction has exactly the size of the ground truth, 20 × 10 pixels, but lies d pixels "
            "too far to the right. Up to which d does it reach an IoU of 0.5?",
            answer="Up to d = 20/3 ≈ 6.67. The boxes share (20 − d) · 10 and cover (20 + d) · 10 square "
            "pixels, so IoU = (20 − d) / (20 + d), which is 1/2 at d = 20/3. More than a third of "
            "the width is too far.",
            value=20 / 3,
        ),
        Exercise(
            asks="A = (0, 0, 2, 2) and B = (6, 0, 8, 2) do not overlap. What is their GIoU, and what does "
            "it approach as B moves ever farther away?",
            answer="−1/2: the smallest enclosing box has 8 · 2 = 16 square pixels, the union 8, so GIoU = 0 "
            "− (16 − 8) / 16. It approaches −1, because the share of the enclosing box that neither "
            "covers approaches 1 (Rezatofighi et al., 2019).",
            value=-0.5,
        ),
    ),
    "ap": (
        Exercise(
            asks="There are two people. The ranked list is: true positive, false positive, true positive. "
            "What are precision and recall after the third detection?",
            answer="Precision 2/3, two of three detections are right. Recall 1: both people are found.",
            value=2 / 3,
        ),
        Exercise(
            asks="What is the average precision of that list, as the area under the interpolated curve?",
            answer="5/6 ≈ 0.833. Up to recall 1/2 the interpolated precision is 1, from there to 1 it is "
            "2/3: 1/2 · 1 + 1/2 · 2/3.",
            value=5 / 6,
        ),
        Exercise(
            asks="A detector finds all four people, and then, with lower scores, all four a second time "
            "with boxes that fit as well. What is its average precision? What is its precision at the "
            "end?",
            answer="AP is 1, precision 1/2. A person counts once, so the last four are false positives, but "
            "recall was 1 before they came: AP does not see what comes after the last true positive. "
            "Error analysis does: duplicates are an error type of their own (Bolya et al., 2020).",
            value=1.0,
        ),
    ),
    "roi": (
        Exercise(
            asks="A box begins at x = 100 pixels, on a feature map with stride 16. RoIPool rounds the edge "
            "to a whole cell. By how many pixels does it move?",
            answer="4 pixels: 100 / 16 = 6.25 becomes cell 6, which is 96 pixels.",
            value=4,
        ),
        Exercise(
            asks="Four cells hold f(1, 2) = 10, f(2, 2) = 20, f(1, 3) = 30 and f(2, 3) = 40, written as "
            "f(x, y). What is the value at x = 1.25, y = 2.5 by bilinear interpolation?",
            answer="22.5. Along x first: 0.75 · 10 + 0.25 · 20 = 12.5 and 0.75 · 30 + 0.25 · 40 = 32.5; "
            "their mean, because y lies halfway.",
            value=22.5,
        ),
        Exercise(
            asks="RoIAlign makes 7 × 7 bins with sampling ratio 2. How many cell values does it read for "
            "one channel of one region, a cell counted each time it is read? And how many cells at "
            "most receive a gradient from one region, with RoIPool and with RoIAlign?",
            answer="784: 49 bins, 4 sample points each, 4 cells each. With RoIPool at most 49 cells receive "
            "a gradient, one maximum per bin; with RoIAlign up to 784, each by its weight (He et "
            "al., 2017).",
            value=784,
        ),
    ),
    "losses": (
        Exercise(
            asks="An anchor is 50 pixels wide with its centre at x = 100. The person is 100 pixels wide "
            "with the centre at x = 110. What are the targets for x and w?",
            answer="0.2 and log 2 ≈ 0.693: a shift of 10 / 50, and the natural logarithm of 100 / 50.",
            value=0.2,
        ),
        Exercise(
            asks="What is smooth L1 with β = 1 for an error of 0.5, and for one of 3? What would L2, half "
            "the square, be?",
            answer="0.125 and 2.5; L2 would be 0.125 and 4.5. Only the large error differs.",
            value=2.5,
        ),
        Exercise(
            asks="Of 1,000 anchors one lies on a person and gets the probability 0.5; 999 lie on background "
            "and get 0.01. What share of the summed binary cross-entropy comes from the person?",
            answer="About 6.5 %: −log 0.5 = 0.693 against 999 · −log 0.99 = 10.04. The many easy anchors "
            "outweigh the one that matters, which is why a training step samples 256 anchors, up to half of "
            "them positive (Ren et al., 2015), or gives easy ones less weight (Lin et al., 2017).",
            value=0.0646,
        ),
    ),
    "attention": (
        Exercise(
            asks="z1 = (1, 2) and z2 = (2, 0). What are z1 · z2 and z1 · z1?",
            answer="2 and 5: 1 · 2 + 2 · 0, and 1 · 1 + 2 · 2.",
            value=2,
        ),
        Exercise(
            asks="A query has the similarities 0 and log 3 to two vectors. Which weights does softmax give "
            "them? And which if both similarities grow by 10?",
            answer="1/4 and 3/4: the exponentials are 1 and 3. Adding 10 to both changes nothing, because "
            "it multiplies both exponentials by the same factor.",
            value=0.75,
        ),
        Exercise(
            asks="Queries and keys have d = 64 independent coordinates with mean 0 and variance 1. What is "
            "the standard deviation of their dot product, and what is it after division by √d?",
            answer="8 and 1. Each product of coordinates has variance 1, their sum has variance 64. Without "
            "the division softmax would give nearly all weight to one key, and its gradient would "
            "vanish (Vaswani et al., 2017).",
            value=8,
        ),
    ),
    "parameters": (
        Exercise(
            asks="How many parameters does a convolution with 3 × 3 kernels from 64 to 128 channels have, "
            "biases included?",
            answer="73,856: 3 · 3 · 64 · 128 weights and 128 biases.",
            value=73_856,
        ),
        Exercise(
            asks="A box head reads 7 × 7 cells of 256 channels and writes 1,024 numbers. How many "
            "parameters does this layer have? How many with 512 channels?",
            answer="12,846,080 and 25,691,136: 49 times the channels times 1,024, and 1,024 biases.",
            value=12_846_080,
        ),
        Exercise(
            asks="A 3 × 3 convolution from 256 to 256 channels is replaced by a depthwise 3 × 3 convolution "
            "and a 1 × 1 convolution, all without biases. How many weights are left, and by which "
            "factor did they shrink?",
            answer="67,840 instead of 589,824, a factor of 8.7: 9 · 256 for the depthwise part and 256 · "
            "256 for the pointwise one. MobileNets are made of these (Howard et al., 2017).",
            value=67_840,
        ),
    ),
    "photo": (
        Exercise(
            asks="A photo is 1,000 pixels wide and 500 high. Its shorter side should become 800, its longer "
            "side at most 1,333. By which factor is it scaled?",
            answer="1.333: the shorter side asks for 800 / 500 = 1.6, the longer allows 1,333 / 1,000 only.",
            value=1.333,
        ),
        Exercise(
            asks="The input is 1,088 × 800 pixels. The pyramid has strides 4, 8, 16, 32 and 64, the last "
            "with 17 × 13 cells, and 3 anchors on every cell. How many anchors are there?",
            answer="217,413: 3 times 54,400 + 13,600 + 3,400 + 850 + 221 cells. Three quarters are on the "
            "finest level.",
            value=217_413,
        ),
        Exercise(
            asks="Boxes A, B and C have the scores .9, .8 and .7. IoU is .6 for A and B, .6 for B and C, "
            "and .3 for A and C. How many boxes are left after NMS with an IoU threshold of 0.5? How "
            "many would be left if B had the highest score?",
            answer="Two: A removes B, and C overlaps only B, which is gone. With B first one is left, for B "
            "removes both. Greedy suppression depends on the order of the scores.",
            value=2,
        ),
    ),
}
