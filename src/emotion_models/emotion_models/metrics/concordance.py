# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Lin's concordance correlation coefficient (CCC) for NumPy arrays and torch tensors alike."""


def concordance(prediction, target, epsilon=0.0):
    """
    Concordance correlation coefficient of two samples, with population moments.

    `2 cov / (var_p + var_t + (mean_p - mean_t)²)`, Lin, "A concordance correlation coefficient
    to evaluate reproducibility", Biometrics 45 (1989). Every moment divides by n.

    Args:
        prediction: floating-point array or tensor, any shape, at least one element.
        target: same type and shape.
        epsilon: added to the divisor; with one, two equal constants have 0 and finite gradients.

    Returns:
        A scalar in [-1, 1] of the input's kind (differentiable for tensors); 0 for a constant
        prediction of a varying target, without `epsilon` nan where both are constant and equal.

    Raises:
        ValueError: if the shapes differ.
    """
    if prediction.shape != target.shape:
        raise ValueError(
            f'prediction and target must have one shape, got {tuple(prediction.shape)} '
            f'and {tuple(target.shape)}'
        )
    mean_p, mean_t = prediction.mean(), target.mean()
    centred_p, centred_t = prediction - mean_p, target - mean_t
    covariance = (centred_p * centred_t).mean()
    spread = (centred_p**2).mean() + (centred_t**2).mean() + (mean_p - mean_t) ** 2
    return 2 * covariance / (spread + epsilon)
