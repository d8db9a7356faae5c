# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

package_name = 'emotion_models'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(),
    package_data={package_name: ['weights/*/*']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml']),
        ('bin', ['bin/emotion-models']),
    ],
    install_requires=['setuptools'],
    zip_safe=True,
    maintainer='The emotion_agent authors',
    maintainer_email='maintainers@emotion-agent.example',
    description='The models behind the emotional face',
    license='Apache-2.0',
)
