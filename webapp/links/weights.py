"""What each step of ``Traits`` weighs in logarithmic odds, and how odds become probabilities.

Written by tests/benchmarks/matching_fit.py from generated lists:
weights from seeds (1, 2, 3, 4), the calibration from (5, 6, 7),
10000 records a side.
"""

from __future__ import annotations

INTERCEPT = -3.74
WEIGHTS = (
    (0.00, 0.00, 0.00, 0.44, 0.44, 0.44, 0.44, 1.11, 2.59, 3.08, 3.08, 4.44),  # name
    (0.00, 0.00, 0.24, 0.24, 1.14, 1.88, 2.08, 2.39, 2.39),  # shared
    (0.00, -1.26, -1.26, -1.37, -1.37, -1.37, -1.86),  # less
    (0.00, -0.43, -0.43, -0.43, -0.43, -0.43, -0.44),  # more
    (0.00, -4.46, 2.15, 2.95),  # number
    (0.00, -0.71, -1.83, 0.00, 0.11, 1.80, 1.80),  # mail
    (0.00, -2.41, -1.25, 1.32, 0.00, 0.26, 4.05),  # phone
    (0.00, -2.12, -1.58, 2.81),  # postal
    (0.00, -1.88, -1.88, 2.36, 1.13),  # place
    (0.00, -3.78, 0.00, 0.69),  # tax
    (0.00, 0.76, 0.00, 4.44),  # before
)
# Logarithmic odds, and how often pairs of such odds were the same
CALIBRATION = (
    (-17.05, 0.0005),
    (-7.68, 0.0008),
    (-5.53, 0.0088),
    (-4.56, 0.0291),
    (-3.61, 0.0819),
    (-2.86, 0.1641),
    (-2.22, 0.2843),
    (-1.58, 0.4748),
    (-1.04, 0.5708),
    (-0.54, 0.6622),
    (-0.03, 0.7845),
    (0.46, 0.8302),
    (1.00, 0.9360),
    (1.63, 0.9640),
    (2.28, 0.9812),
    (2.95, 0.9865),
    (3.77, 0.9888),
    (4.71, 0.9958),
    (5.87, 0.9984),
    (7.20, 0.9994),
    (10.44, 0.9995),
)
