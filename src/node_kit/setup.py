# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

package_name = 'node_kit'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={package_name: ['*.xml']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml']),
    ],
    python_requires='>=3.10',
    install_requires=['setuptools'],
    extras_require={'web': ['aiohttp>=3.8'], 'test': ['pytest']},
    zip_safe=False,
    maintainer='The emotion_agent authors',
    maintainer_email='maintainers@emotion-agent.example',
    description='What every node of this stack shares',
    license='Apache-2.0',
)
