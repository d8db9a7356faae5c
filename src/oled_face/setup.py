# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

package_name = 'oled_face'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(),
    package_data={'oled_face.views': ['page.html']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml']),
        ('bin', ['bin/oled-face']),
    ],
    install_requires=['setuptools'],
    zip_safe=True,
    maintainer='The emotion_agent authors',
    maintainer_email='maintainers@emotion-agent.example',
    description='Shows any image topic on a small monochrome OLED, sending only what changed',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'oled_face = oled_face.programs:oled_face',
            'test_pattern = oled_face.programs:oled_face_command',
        ],
    },
)
