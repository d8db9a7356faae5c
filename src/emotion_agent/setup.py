# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from glob import glob

from setuptools import find_packages, setup

package_name = 'emotion_agent'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={'emotion_agent.web': ['page/*']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml', 'rqt_plugin.xml']),
        (f'share/{package_name}/launch', glob('launch/*.launch.py')),
        (f'share/{package_name}/config', glob('config/*.*')),
        (f'share/{package_name}/config/experiments', glob('config/experiments/*.yaml')),
        (f'share/{package_name}/config/temperaments', glob('config/temperaments/*.yaml')),
        (f'share/{package_name}/config/scripts', glob('config/scripts/*.yaml')),
        # Where ros2 run looks. The command goes to bin, as everywhere.
        (f'lib/{package_name}', sorted(glob('bin/*'))),
    ],
    python_requires='>=3.10',
    # The other packages and ROS come with the workspace.
    install_requires=['matplotlib', 'numpy>=1.26', 'opencv-python-headless>=4.6,<5', 'PyYAML'],
    extras_require={
        'photos': ['scikit-image'],
        'replay': ['rosbags', 'tqdm'],
        'test': ['pytest'],
    },
    zip_safe=True,
    maintainer='The emotion_agent authors',
    maintainer_email='maintainers@emotion-agent.example',
    description='The nodes of an emotional robot face',
    license='Apache-2.0',
    entry_points={'console_scripts': ['emotion-agent = emotion_agent.programs:emotion_agent']},
)
