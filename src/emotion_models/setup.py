# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from setuptools import find_packages, setup

package_name = 'emotion_models'
plots = ['matplotlib', 'Pillow']
training = [
    'av',
    'h5py',
    'jsonargparse[signatures]',
    'kaldi-native-fbank',
    'lightning',
    'onnx',
    'scikit-learn',
    'scipy',
    'tensorboard',
    'threadpoolctl',
    'torch',
    'torchmetrics',
    'tqdm',
]

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={package_name: ['weights/*/*', 'weights/*/*/*']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml', 'LICENSE-weights']),
    ],
    python_requires='>=3.10',
    install_requires=['numpy>=1.26', 'onnxruntime', 'opencv-python-headless>=4.6,<5', 'PyYAML'],
    extras_require={'plots': plots, 'train': [*plots, *training], 'test': ['pytest']},
    zip_safe=False,
    maintainer='The emotion_agent authors',
    maintainer_email='maintainers@emotion-agent.example',
    description='The models behind the emotional face',
    long_description=Path(__file__).resolve().with_name('README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0; weights offered for research (LICENSE-weights)',
    entry_points={'console_scripts': ['emotion-models = emotion_models.programs:emotion_models']},
)
