# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from setuptools import find_packages, setup

package_name = 'oled_face'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={'oled_face.views': ['page.css', 'page.html', 'page.js']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml']),
        # Where ros2 run looks. The command goes to bin, as everywhere.
        (f'lib/{package_name}', ['bin/oled_face', 'bin/test_pattern']),
    ],
    python_requires='>=3.10',
    install_requires=[
        'aiohttp>=3.8',
        'luma.oled',
        'numpy>=1.26',
        'opencv-python-headless>=4.6,<5',
        'Pillow',
        'smbus2',
    ],
    extras_require={
        'spi': ['RPi.GPIO; platform_machine != "x86_64"', 'spidev'],
        'window': ['pygame'],
        'test': ['pytest'],
    },
    zip_safe=False,
    maintainer='The emotion_agent authors',
    maintainer_email='maintainers@emotion-agent.example',
    description='Shows any image topic on a small monochrome OLED, sending only what changed',
    long_description=Path(__file__).resolve().with_name('README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    entry_points={'console_scripts': ['oled-face = oled_face.programs:oled_face_command']},
)
