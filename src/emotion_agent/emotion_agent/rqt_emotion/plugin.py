# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The panel as a plugin of rqt."""

from argparse import ArgumentParser

from rqt_gui_py.plugin import Plugin

from emotion_agent.panels.agent_link import AgentLink
from emotion_agent.rqt_emotion.panel import Panel

NAMESPACE = '/emotion'


class EmotionPlugin(Plugin):
    """Shows a `Panel` in a window of rqt; remembers the agent, the slider and the columns."""

    def __init__(self, context):
        super().__init__(context)
        self.setObjectName('EmotionPlugin')
        parser = ArgumentParser()
        add_arguments(parser)
        self._chosen = parser.parse_args(context.argv()).namespace
        self._panel = Panel(AgentLink, self._chosen or NAMESPACE)
        if context.serial_number() > 1:
            self._panel.setWindowTitle(f'{self._panel.windowTitle()} ({context.serial_number()})')
        context.add_widget(self._panel)

    def shutdown_plugin(self) -> None:
        """Close the link to the agent."""
        self._panel.close_link()

    def save_settings(self, _, instance_settings) -> None:
        """Save what the user has chosen."""
        instance_settings.set_value('namespace', self._panel.namespace)
        instance_settings.set_value('intensity', self._panel.buttons.slider.value())
        instance_settings.set_value('columns', self._panel.columns.saveState())

    def restore_settings(self, _, instance_settings) -> None:
        """Restore what the user chose last time; the command line goes first."""
        if not self._chosen:
            self._panel.follow(instance_settings.value('namespace', NAMESPACE))
        self._panel.buttons.slider.setValue(int(instance_settings.value('intensity', 100)))
        if (columns := instance_settings.value('columns', None)) is not None:
            self._panel.columns.restoreState(columns)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of the plugin on the command line of rqt."""
    parser.add_argument('--namespace', help='of the agent')
