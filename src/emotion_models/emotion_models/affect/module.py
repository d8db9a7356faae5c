# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the affect network."""

import math
from collections.abc import Sequence

import torch
from lightning.pytorch.trainer.states import TrainerFn
from torch import Tensor
from torch.nn import functional as F

from emotion_models.affect.network import AffectNetwork, CalibratedAffect
from emotion_models.data.voted_faces import AffectBatch
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.metrics.concordance import concordance
from emotion_models.nn.augmentation import FACE_PX, FaceAugmentation, frame, shrink
from emotion_models.nn.concordance import concordance_loss
from emotion_models.nn.optimisation import warmup_cosine
from emotion_models.runtime.affect import FEATURES
from emotion_models.training.export import ExportPlan
from emotion_models.training.held_out import MeasuredModule

SHARE = 'share_'
"""Begins the names of the measured shares of expressions."""

ACCURACY_COST = 0.04
"""Accuracy in the wild that balanced probabilities may cost."""

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
            'unit': 'in [-1, 1]',
        },
    ],
    'expression_values': 'probabilities',
    'limits': 'reads expressions, not feelings; not for decisions about people; not tested by '
    'age, gender, skin colour or culture, nor on covered faces (docs/models.md)',
}


class AffectModule(MeasuredModule):
    """
    Expression as a soft label, valence and arousal by concordance and squared error.

    A batch is an `AffectBatch`. The logits are trained with those of the drawn faces' shares added
    (Menon et al., "Long-Tail Learning via Logit Adjustment", ICLR 2021), so by themselves they do
    not lean on what is frequent.

    Args:
        widths: channels of the stem and of each stage of the network.
        depths: residual blocks of each stage.
        dropout: probability of dropping a pooled feature.
        augmentation: what is done to the faces in training.
        learning_rate: highest rate of stochastic gradient descent with Nesterov momentum.
        weight_decay: of convolution and linear weights; norms and biases are left alone.
        warmup: part of the training in which the rate rises; a cosine to 0 follows.
        va_loss_weight: weight of valence and arousal beside the expression.
        sizes_px: sides of the faces, multiples of 16, in successive equal parts of the training:
            small ones first save time; the last are those that the network is to read.
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
        sizes_px: Sequence[int] = (FACE_PX,),
    ) -> None:
        super().__init__()
        self.save_hyperparameters(ignore='augmentation')
        self.network = AffectNetwork(widths, depths, dropout)
        self.network.to(memory_format=torch.channels_last)
        self.augmentation = augmentation or FaceAugmentation()
        self.register_buffer('drawn', torch.ones(len(EXPRESSIONS)))
        self._predictions: list[tuple[Tensor, ...]] = []

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N, 8), and valence and arousal (N, 2), of float faces of any size."""
        faces = faces.contiguous(memory_format=torch.channels_last)
        logits, va = self.network(faces)
        return logits.float(), va.float()

    def training_step(self, batch: AffectBatch, batch_index: int) -> Tensor:
        """Loss of one augmented batch."""
        with torch.no_grad(), torch.autocast(self.device.type, enabled=False):
            faces = self.augmentation(batch.faces.float(), batch.framing)
            faces = shrink(faces, self._size_px())
            self.drawn += batch.expression.sum(0)
        logits, va = self(faces)
        expression_loss = soft_cross_entropy(
            logits + log_shares(self.drawn), batch.expression, batch.expression_weight
        )
        va_loss = affect_loss(va, batch.affect, batch.affect_weight)
        self.log_dict(
            {'train_expression_loss': expression_loss, 'train_va_loss': va_loss}, prog_bar=True
        )
        return expression_loss + self.hparams.va_loss_weight * va_loss

    def _size_px(self) -> int:
        sizes = self.hparams.sizes_px
        return sizes[self.trainer.current_epoch * len(sizes) // self.trainer.max_epochs]

    def validation_step(self, batch: AffectBatch, batch_index: int) -> None:
        """Keep the predictions: the metrics need the whole held-out part."""
        self._predict(batch)

    def on_validation_epoch_end(self) -> None:
        """Log accuracy, concordance and losses over the held-out part, and fit the temperature."""
        self._log_metrics('val')
        super().on_validation_epoch_end()

    def test_step(self, batch: AffectBatch, batch_index: int) -> None:
        """Keep the predictions, as in validation."""
        self._predict(batch)

    def on_test_epoch_end(self) -> None:
        """Log the same metrics as in validation; the temperature on the card stays."""
        self._log_metrics('test')

    def _predict(self, batch: AffectBatch) -> None:
        faces = frame(batch.faces.float(), batch.framing, FACE_PX)
        if self.trainer.state.fn == TrainerFn.FITTING:
            faces = shrink(faces, self._size_px())
        self._predictions.append((*self(faces), *batch))

    def _log_metrics(self, part: str) -> None:
        logits, va, *targets = (torch.cat(parts) for parts in zip(*self._predictions, strict=True))
        self._predictions.clear()
        batch = AffectBatch(*targets)
        self.log_part(part, measure(logits, va, batch))

    def export_plan(self) -> ExportPlan:
        """What `emotion-models export` writes: the calibrated network and its card."""
        shares = torch.tensor([self.held_out[f'{SHARE}{name}'] for name in EXPRESSIONS])
        network = CalibratedAffect(self.network, shares.log(), self.held_out['temperature'])
        example = torch.randint(0, 256, (4, 1, FACE_PX, FACE_PX)).float()
        features = {
            'name': FEATURES,
            'shape': ['N', self.network.feature_size],
            'unit': 'activation >= 0, what both heads read',
        }
        measured = {k: v for k, v in self.held_out.items() if not k.startswith(SHARE)}
        card = {
            **CARD,
            'outputs': [*CARD['outputs'], features],
            'priors': self._priors(shares),
            'metrics': {'held_out': measured},
        }
        return ExportPlan(network, example, card)

    def _priors(self, shares: Tensor) -> dict:
        """Where the probabilities are right, and how they become balanced ones."""
        temperature = self.held_out['balanced_temperature']
        weights = shares ** (-self.held_out['balanced_adjustment'] / temperature)
        named = {
            key: dict(zip(EXPRESSIONS, values.tolist(), strict=True))
            for key, values in (('shares', shares), ('weights', weights / weights.sum()))
        }
        return {
            'in_the_wild': {'shares': named['shares']},
            'balanced': {
                'power': self.held_out['temperature'] / temperature,
                'weights': named['weights'],
            },
        }

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


def measure(logits: Tensor, va: Tensor, batch: AffectBatch) -> dict[str, Tensor]:
    """
    How well held-out faces are read, and what calibrates the answers.

    Args:
        logits: of equally frequent expressions, shape (N, 8).
        va: valence and arousal, shape (N, 2).
        batch: the faces' targets; the expressions of `source` 0 are as frequent as in the wild.

    Returns:
        Of the voted faces, in the wild: `loss`, `accuracy`, `temperature`, and `share_NAME` of
        each expression; with equally frequent ones: `mean_recall`, `balanced_temperature` and
        `balanced_adjustment` (see `fit_balance`). Of each other collection: `mean_recall_1`, ….
        Of all: `ccc_valence` and `ccc_arousal`.
    """
    voted = batch.source == 0
    expression, weight = batch.expression[voted], batch.expression_weight[voted]
    shares = mean_shares(expression, weight)
    wild = logits[voted] + shares.log()
    right = wild.argmax(1) == expression.argmax(1)
    rated = batch.affect_weight > 0
    # Faces of the other collections are easier, and would make it too sure of these.
    temperature, adjustment = fit_balance(*decided(logits[voted], expression), shares.log())
    metrics = {
        'loss': soft_cross_entropy(wild, expression, weight),
        'accuracy': right[weight > 0].float().mean(),
        'ccc_valence': concordance(va[rated, 0], batch.affect[rated, 0]),
        'ccc_arousal': concordance(va[rated, 1], batch.affect[rated, 1]),
        'temperature': fit_temperature(*decided(wild, expression)),
        'mean_recall': mean_recall(*decided(logits[voted], expression)),
        'balanced_temperature': temperature,
        'balanced_adjustment': adjustment,
    }
    for number in batch.source[~voted].unique().tolist():
        chosen = batch.source == number
        pair = decided(logits[chosen], batch.expression[chosen])
        metrics[f'mean_recall_{number}'] = mean_recall(*pair)
    named = zip(EXPRESSIONS, shares, strict=True)
    return metrics | {f'{SHARE}{name}': share for name, share in named}


def mean_shares(expression: Tensor, weight: Tensor) -> Tensor:
    """The mean of distributions (N, C) with weights (N,); none is quite 0."""
    return log_shares((weight[:, None] * expression).sum(0) + 0.5).exp()


def log_shares(counts: Tensor) -> Tensor:
    """Logarithms of shares, from counts > 0, shape (C,)."""
    return (counts / counts.sum()).log()


def mean_recall(logits: Tensor, target: Tensor) -> Tensor:
    """The mean over the classes that occur of how many of their samples are recognised."""
    hits = F.one_hot(logits.argmax(1), target.shape[1]) * target
    counts = target.sum(0)
    return (hits.sum(0) / counts.clamp(min=1))[counts > 0].mean()


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
    is_clear = has_a_plurality(votes)
    target = F.one_hot(votes.argmax(1), votes.shape[1]).float()
    return logits[is_clear], target[is_clear]


def has_a_plurality(votes: Tensor) -> Tensor:
    """Which rows of votes (N, C) have more for one class than for any other: bool, (N,)."""
    first, second = votes.topk(2).values.unbind(1)
    return first > second


def fit_temperature(logits: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
    """
    The divisor of the logits with the least cross-entropy, a scalar in 0.25..4.

    Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; found on a
    grid of steps of one percent, where the minimum is flat enough.

    Args:
        logits: shape (N, C).
        target: distributions, shape (N, C).
        weight: of each sample, shape (N,); none = all alike.
    """
    weight = torch.ones(len(logits), device=logits.device) if weight is None else weight
    grid = torch.logspace(math.log10(0.25), math.log10(4), 279, device=logits.device)
    losses = torch.stack([soft_cross_entropy(logits / value, target, weight) for value in grid])
    return grid[losses.argmin()]


def fit_balance(logits: Tensor, target: Tensor, log_prior: Tensor) -> tuple[Tensor, Tensor]:
    """
    What makes probabilities right where all classes are equally frequent.

    They come from `(logits + (1 - adjustment) * log_prior) / temperature`. An adjustment of 1
    removes the prior altogether, and many everyday faces are then taken for rare ones; it is the
    greatest of a grid that costs at most `ACCURACY_COST` of the accuracy in the wild.

    Args:
        logits: of equally frequent classes, shape (N, C), of samples as frequent as in the wild.
        target: the class of each, one-hot, (N, C).
        log_prior: logarithms of the classes' shares in the wild, (C,).

    Returns:
        Temperature in 0.25..4 with the least cross-entropy where every class that occurs counts
        the same in all, and adjustment in 0..1; scalars.
    """

    def accuracy(adjustment: Tensor) -> float:
        answers = (logits + (1 - adjustment) * log_prior).argmax(1)
        return float((answers == target.argmax(1)).float().mean())

    grid = torch.linspace(0, 1, 21, device=logits.device)
    least = accuracy(grid[0]) - ACCURACY_COST
    adjustment = max(part for part in grid if accuracy(part) >= least)
    weight = (target / target.sum(0).clamp(min=1)).sum(1)
    adjusted = logits + (1 - adjustment) * log_prior
    return fit_temperature(adjusted, target, weight), adjustment


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
