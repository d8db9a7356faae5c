# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')
pytest.importorskip('onnx')
pytest.importorskip('tensorboard')

from lightning.pytorch import Trainer  # noqa: E402
from lightning.pytorch.callbacks import ModelCheckpoint  # noqa: E402
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger  # noqa: E402
from tensorboard.backend.event_processing.event_accumulator import (  # noqa: E402
    EventAccumulator,
)
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

from emotion_models.levasa.module import VARIANTS, LevasaModule  # noqa: E402
from emotion_models.levasa.reconstruction_pictures import (  # noqa: E402
    ReconstructionPictures,
    side_by_side,
)
from emotion_models.runtime import load_artefact  # noqa: E402
from emotion_models.training.export import TOLERANCE, export_network  # noqa: E402


@pytest.fixture(scope='module')
def loader():
    torch.manual_seed(1)
    images = torch.randint(0, 256, (16, 3, 64, 64), dtype=torch.uint8)
    return DataLoader(TensorDataset(images, 2 * torch.rand(16, 2) - 1), 8)


def fit(module, loader, folder, **settings):
    trainer = Trainer(
        max_epochs=1,
        accelerator='cpu',
        default_root_dir=folder,
        logger=[CSVLogger(folder, name='log'), TensorBoardLogger(folder, 'board', '')],
        log_every_n_steps=1,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[
            ModelCheckpoint(folder, 'best', monitor='val_loss', save_last=True),
            ReconstructionPictures(every_n_steps=2),
        ],
        **settings,
    )
    trainer.fit(module, loader, loader)


@pytest.fixture(scope='module')
def run(loader, tmp_path_factory):
    folder = tmp_path_factory.mktemp('run')
    torch.manual_seed(0)
    module = LevasaModule('continuous')
    fit(module, loader, folder)
    return module, folder


def test_every_term_is_logged_for_both_parts(run):
    _, folder = run
    with next(folder.glob('log/*/metrics.csv')).open() as file:
        columns = set(next(csv.reader(file)))

    terms = ('loss', 'reconstruction_loss', 'kl_loss', 'supervision_loss')
    for part in ('train', 'val'):
        assert {f'{part}_{name}' for name in terms} <= columns
    assert {'val_ccc_valence', 'val_ccc_arousal'} <= columns


def test_the_test_has_the_measures_of_the_validation(run, loader):
    module, _ = run
    trainer = Trainer(accelerator='cpu', logger=False, enable_progress_bar=False)

    (validated,) = trainer.validate(module, loader, verbose=False)
    (tested,) = trainer.test(module, loader, verbose=False)

    assert tested == {name.replace('val_', 'test_'): value for name, value in validated.items()}
    assert 'test_ccc_valence' in tested


def test_the_best_checkpoint_answers_like_the_module(run, loader):
    module, folder = run
    images = next(iter(loader))[0]

    loaded = LevasaModule.load_from_checkpoint(folder / 'best.ckpt', map_location='cpu')

    assert loaded.variant == 'continuous'
    assert loaded.held_out['loss'] > 0
    assert loaded.held_out == loaded.export_plan().card['metrics']['held_out']
    assert torch.equal(loaded.eval()(images)[1], module.eval()(images)[1])


def test_the_rate_goes_through_one_cycle_only_if_wanted():
    steady, cycled = (LevasaModule('vanilla', one_cycle=wanted) for wanted in (False, True))
    cycled.trainer = SimpleNamespace(estimated_stepping_batches=100)

    assert steady.configure_optimizers().param_groups[0]['lr'] == 1e-4
    plan = cycled.configure_optimizers()
    assert plan['optimizer'].param_groups[0]['max_lr'] == 1e-4
    assert plan['lr_scheduler']['interval'] == 'step'


def test_a_picture_shows_eight_inputs_above_their_reconstructions(run, loader):
    _, folder = run
    (path,) = folder.glob('pictures/*.png')

    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)

    assert path.name == 'step_000002.png'
    assert picture.shape == (4 * 64, 4 * 64, 3)
    last_batch = list(loader)[-1][0]
    assert np.array_equal(picture[:64, 64:128], last_batch[1].permute(1, 2, 0).numpy())
    assert not np.array_equal(picture[128:192, 64:128], picture[:64, 64:128])


def test_tensorboard_shows_the_same_picture(run):
    _, folder = run
    (path,) = folder.glob('pictures/*.png')
    events = EventAccumulator(str(folder / 'board')).Reload()
    (event,) = events.Images('reconstructions')

    shown = cv2.imdecode(np.frombuffer(event.encoded_image_string, np.uint8), cv2.IMREAD_COLOR)

    assert event.step == 2
    assert np.array_equal(shown, cv2.imread(str(path)))


def test_pictures_leave_the_training_as_it_was(loader):
    module = LevasaModule('vanilla').train()
    before = {name: value.clone() for name, value in module.state_dict().items()}

    side_by_side(module, next(iter(loader))[0])

    assert module.training
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_a_trial_run_writes_no_pictures(loader, tmp_path):
    fit(LevasaModule('vanilla'), loader, tmp_path, fast_dev_run=2)

    assert not (tmp_path / 'pictures').exists()


@pytest.mark.parametrize('every', [0, -5])
def test_pictures_come_at_some_distance(every):
    with pytest.raises(ValueError, match=f'every_n_steps must be >= 1, got {every}'):
        ReconstructionPictures(every)


@pytest.mark.parametrize('variant', VARIANTS)
def test_the_exported_file_answers_like_torch(variant, loader, tmp_path):
    torch.manual_seed(0)
    module = LevasaModule(variant)
    images, affect = next(iter(loader))
    module.losses(images, affect)  # the batch norms learn something

    difference = export_network(module.export_plan(), tmp_path)

    artefact = load_artefact(tmp_path)
    faces = images.numpy().astype(np.float32) / 255
    answers = artefact.open_session().run(None, {'images': faces})
    expected = [tensor.detach().numpy() for tensor in module.eval()(images)]
    assert difference <= TOLERANCE
    assert [entry['name'] for entry in artefact.card['outputs']] == (
        ['latent', 'reconstruction'] + (['affect'] if variant != 'vanilla' else [])
    )
    for answer, value in zip(answers, expected, strict=False):
        assert answer == pytest.approx(value, abs=0.02)  # the weights were rounded
