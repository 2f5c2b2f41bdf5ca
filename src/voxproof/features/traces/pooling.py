"""From the frames of a clip to statistics that do not depend on how many frames there are."""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

_SMALLEST = 1e-6  # deviation that is divided by
_LOW, _HIGH = 10, 90  # percentiles


def quartet(frames: Doubles) -> Doubles:
    """Mean, deviation, 10th and 90th percentile of each value: `(frames, values) -> (4 * values,)`."""
    low, high = np.percentile(frames, [_LOW, _HIGH], axis=0)
    return np.concatenate([frames.mean(0), frames.std(0), low, high])


def sextet(frames: Doubles) -> Doubles:
    """As `quartet`, with skewness and the logarithm of the kurtosis: `(frames, values) -> (6 * values,)`."""
    scaled = (frames - frames.mean(0)) / (frames.std(0) + _SMALLEST)
    squared = np.square(scaled)
    return np.concatenate([quartet(frames), (squared * scaled).mean(0), np.log(np.square(squared).mean(0) + 0.1)])


def correlations(values: Doubles) -> Doubles:
    """Pearson's correlation of all columns, `(frames, values) -> (values, values)`; 0 where one is constant."""
    centred = values - values.mean(0)
    length = np.sqrt((centred**2).sum(0)) + _SMALLEST
    scaled = centred / length
    matrix: Doubles = scaled.T @ scaled
    return matrix


def pairs(matrix: Doubles) -> Doubles:
    """What stands above the diagonal of `(n, n)`, row by row."""
    above: Doubles = matrix[np.triu_indices(len(matrix), 1)]
    return above
