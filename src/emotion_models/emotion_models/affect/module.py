# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the affect network."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from emotion_models.affect.augmentation import FaceAugmentation, resize
from emotion_models.affect.network import FACE_PX, AffectNetwork, CalibratedAffect
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.metrics.concordance import concordance
from emotion_models.nn.concordance import concordance_loss
from emotion_models.nn.optimisation import warmup_cosine
from emotion_models.runtime.affect import FEATURES
from emotion_models.training.export import ExportPlan
from emotion_models.training.held_out import MeasuredModule

CARD = {
    'description': 'Valence, arousal and expression of a face in a grey crop of 64×64 pixels.',
    'inputs': [
        {
            'name': 'faces',
            'shape': ['N', 1, FACE_PX, FACE_PX],
            'dtype': 'float32',
            'colour': 'grey',
            'unit': 'grey value, 0..255; the network standardises each image itself',
        }
    ],
    'outputs': [
        {
            'name': 'expression',
            'shape': ['N', len(EXPRESSIONS)],
            'columns': list(EXPRESSIONS),
            'unit': 'calibrated probability',
        },
        {
            'name': 'affect',
            'shape': ['N', 2],
            'columns': ['valence', 'arousal'],
            'unit': 'in [-1, 1]; never beyond the means of the expressions',
        },
    ],
    'expression_values': 'probabilities',
    'limits': 'reads expressions, not feelings; not for decisions about people; not tested by '
    'age, gender, skin colour or culture, nor on covered faces (docs/models.md)',
}


class AffectModule(MeasuredModule):
    """
    Expression as a soft label, valence and arousal by concordance and squared error.

    A batch is (faces uint8 (N, 1, S, S), expression (N, 8) summing to 1, its weight (N,),
    valence and arousal (N, 2), their weight (N,)); the weights lie in [0, 1].

    Args:
        widths: channels of the stem and of each stage of the network.
        depths: residual blocks of each stage.
        dropout: probability of dropping a pooled feature.
        augmentation: what is done to the faces in training.
        learning_rate: highest rate of stochastic gradient descent with Nesterov momentum.
        weight_decay: of convolution and linear weights; norms and biases are left alone.
        warmup: part of the training in which the rate rises; a cosine to 0 follows.
        va_loss_weight: weight of valence and arousal beside the expression.
    """

    def __init__(
        self,
        widths: Sequence[int] = (24, 48, 96, 160),
        depths: Sequence[int] = (2, 2, 2),
        dropout: float = 0.2,
        augmentation: FaceAugmentation | None = None,
        learning_rate: float = 0.1,
        weight_decay: float = 5e-4,
        warmup: float = 0.05,
        va_loss_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.save_hyperparameters(ignore='augmentation')
        self.network = AffectNetwork(widths, depths, dropout)
        self.network.to(memory_format=torch.channels_last)
        self.augmentation = augmentation or FaceAugmentation()
        self._predictions: list[tuple[Tensor, ...]] = []

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N, 8), and valence and arousal (N, 2), of uint8 or float faces."""
        faces = faces.float()
        if faces.shape[3] != FACE_PX:
            faces = resize(faces, FACE_PX)
        faces = faces.contiguous(memory_format=torch.channels_last)
        logits, va = self.network(faces)
        return logits.float(), va.float()

    def training_step(self, batch: tuple[Tensor, ...], batch_index: int) -> Tensor:
        """Loss of one augmented batch."""
        faces, expression, expression_weight, va, va_weight = batch
        with torch.no_grad(), torch.autocast(self.device.type, enabled=False):
            faces = self.augmentation(faces.float())
        logits, predicted_va = self(faces)
        expression_loss = soft_cross_entropy(logits, expression, expression_weight)
        va_loss = affect_loss(predicted_va, va, va_weight)
        self.log_dict(
            {'train_expression_loss': expression_loss, 'train_va_loss': va_loss}, prog_bar=True
        )
        return expression_loss + self.hparams.va_loss_weight * va_loss

    def validation_step(self, batch: tuple[Tensor, ...], batch_index: int) -> None:
        """Keep the predictions: the metrics need the whole held-out part."""
        self._predict(batch)

    def on_validation_epoch_end(self) -> None:
        """Log accuracy, concordance and losses over the held-out part, and fit the temperature."""
        self._log_metrics('val')
        super().on_validation_epoch_end()

    def test_step(self, batch: tuple[Tensor, ...], batch_index: int) -> None:
        """Keep the predictions, as in validation."""
        self._predict(batch)

    def on_test_epoch_end(self) -> None:
        """Log the same metrics as in validation; the temperature on the card stays."""
        self._log_metrics('test')

    def _predict(self, batch: tuple[Tensor, ...]) -> None:
        faces, *targets = batch
        self._predictions.append((*self(faces), *targets))

    def _log_metrics(self, part: str) -> None:
        logits, va, expression, weight, true_va, va_weight = (
            torch.cat(parts) for parts in zip(*self._predictions, strict=True)
        )
        self._predictions.clear()
        right = logits.argmax(1) == expression.argmax(1)
        rated = va_weight > 0
        metrics = {
            'loss': soft_cross_entropy(logits, expression, weight),
            'accuracy': right[weight > 0].float().mean(),
            'ccc_valence': concordance(va[rated, 0], true_va[rated, 0]),
            'ccc_arousal': concordance(va[rated, 1], true_va[rated, 1]),
            'temperature': fit_temperature(*decided(logits, expression)),
        }
        self.log_part(part, metrics)

    def export_plan(self) -> ExportPlan:
        """What `emotion-models export` writes: the calibrated network and its card."""
        network = CalibratedAffect(self.network, self.held_out['temperature'])
        example = torch.randint(0, 256, (4, 1, FACE_PX, FACE_PX)).float()
        features = {
            'name': FEATURES,
            'shape': ['N', self.network.feature_size],
            'unit': 'activation >= 0, what both heads read',
        }
        card = {**CARD, 'outputs': [*CARD['outputs'], features]}
        return ExportPlan(network, example, {**card, 'metrics': {'held_out': self.held_out}})

    def configure_optimizers(self) -> dict:
        """Nesterov momentum with a linear warm-up and a cosine, counted in steps."""
        kernels = [p for p in self.parameters() if p.ndim > 1]
        others = [p for p in self.parameters() if p.ndim <= 1]
        optimizer = torch.optim.SGD(
            [
                {'params': kernels, 'weight_decay': self.hparams.weight_decay},
                {'params': others, 'weight_decay': 0.0},
            ],
            lr=self.hparams.learning_rate,
            momentum=0.9,
            nesterov=True,
        )
        schedule = warmup_cosine(optimizer, self.trainer, self.hparams.warmup)
        return {'optimizer': optimizer, 'lr_scheduler': schedule}


def soft_cross_entropy(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy against a distribution (N, C), averaged with the weights (N,)."""
    losses = -(target * F.log_softmax(logits, 1)).sum(1)
    return (weight * losses).sum() / weight.sum().clamp(min=1e-6)


def decided(logits: Tensor, votes: Tensor) -> tuple[Tensor, Tensor]:
    """
    The rows in which one expression has the most votes, with that one as the target.

    The network learns the distribution of the votes; the temperature is to make the probability of
    the predicted expression that of being the most-voted one, which is higher.

    Args:
        logits: shape (N, C).
        votes: distributions, shape (N, C).
    """
    first, second = votes.topk(2).values.unbind(1)
    is_clear = first > second
    target = F.one_hot(votes.argmax(1), votes.shape[1]).float()
    return logits[is_clear], target[is_clear]


def fit_temperature(logits: Tensor, target: Tensor) -> Tensor:
    """
    The divisor of the logits with the least cross-entropy, a scalar in 0.25..4.

    Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; found on a
    grid of steps of one percent, where the minimum is flat enough.
    """
    grid = torch.logspace(math.log10(0.25), math.log10(4), 279, device=logits.device)
    losses = torch.stack(
        [-(target * F.log_softmax(logits / value, 1)).sum(1).mean() for value in grid]
    )
    return grid[losses.argmin()]


def affect_loss(prediction: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """
    Mean over valence and arousal of `1 - CCC` plus four times the squared error.

    Concordance rewards the right spread, which the squared error alone shrinks; the squared error
    keeps a gradient where a small batch says little about the spread.
    """
    rated = weight > 0
    prediction, target, weight = prediction[rated], target[rated], weight[rated]
    if len(prediction) < 2:
        return prediction.sum() * 0
    errors = (prediction - target).square().mean(1)
    return concordance_loss(prediction, target) + 4 * (weight * errors).sum() / weight.sum()
