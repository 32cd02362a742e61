"""What each step of ``Traits`` weighs in logarithmic odds, and how odds become probabilities.

Written by tests/benchmarks/matching_fit.py from generated lists: weights from seeds (1, 2, 3, 4),
the calibration from (5, 6, 7), 10000 records a side each. Data only.
"""

from __future__ import annotations

INTERCEPT = -1.84
WEIGHTS = (
    (0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.22, 1.95, 1.95, 1.95, 3.37),  # name
    (0.00, 0.00, 0.00, 0.00, 0.37, 1.00, 1.14, 1.22, 1.54),  # shared
    (0.00, -1.42, -1.42, -2.15, -2.15, -2.15, -2.94),  # less
    (0.00, -0.82, -0.82, -0.82, -0.82, -0.82, -1.35),  # more
    (0.00, -2.27, 1.96, 3.44),  # number
    (0.00, -0.62, -2.91, 0.00, 0.15, 1.65, 1.65),  # mail
    (0.00, -2.23, -1.28, 1.35, 0.00, 0.44, 3.78),  # phone
    (0.00, -2.00, -1.34, 2.75),  # postal
    (0.00, -1.79, -1.79, 2.23, 1.08),  # place
    (0.00, -3.43, 0.00, 0.98),  # tax
    (0.00, 0.00, 1.01),  # before
)
# Logarithmic odds, and how often pairs of such odds were the same
CALIBRATION = (
    (-17.84, 0.0005),
    (-7.70, 0.0006),
    (-5.53, 0.0080),
    (-4.55, 0.0334),
    (-3.62, 0.0807),
    (-2.85, 0.1506),
    (-2.21, 0.2456),
    (-1.62, 0.3844),
    (-1.04, 0.5138),
    (-0.53, 0.6951),
    (-0.06, 0.7899),
    (0.46, 0.8503),
    (1.03, 0.8946),
    (1.62, 0.9615),
    (2.28, 0.9728),
    (2.93, 0.9885),
    (3.80, 0.9933),
    (4.72, 0.9967),
    (5.89, 0.9981),
    (7.21, 0.9993),
    (10.11, 0.9995),
)
