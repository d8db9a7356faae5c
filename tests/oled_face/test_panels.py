# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from oled_face.panels import panel_for


def test_refuses_panels_that_do_not_exist():
    with pytest.raises(ValueError, match=r'driver: expected one of auto, ssd1306.*ssd9999'):
        panel_for('ssd9999')
    with pytest.raises(ValueError, match='size of sh1106: expected one of 128x64, 128x32; got 96'):
        panel_for('sh1106', 96, 16)
