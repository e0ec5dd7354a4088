"""The figures that due dates are reckoned with, by version. A version that was used never changes.

They are the weights that fsrs 6.3 ships, pinned here so that another release of it moves no date.
None are fitted to our learners: that takes 512 reviews a person, which nobody reaches.
"""

# See https://github.com/open-spaced-repetition/py-fsrs, `DEFAULT_PARAMETERS` of release 6.3.
WEIGHTS: dict[int, tuple[float, ...]] = {
    1: (
        *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194),
        *(0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629),
        *(1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
    ),
}
NEWEST = 1
