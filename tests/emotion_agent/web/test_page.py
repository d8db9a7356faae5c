# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The page in a browser, over a server that speaks as the node does."""

import base64

import numpy as np
import pytest
from browser import wait_for
from fake_agent import FakeAgent

OPEN = "document.body?.dataset.link === 'open'"
DOMINANT = "document.querySelector('#dominant').textContent"


@pytest.fixture(scope='module')
def the_agent():
    agent = FakeAgent()
    yield agent
    agent.stop()


@pytest.fixture(scope='module')
def the_page(browser, the_agent):
    page = browser.open(the_agent.url, 1440, 900)
    yield page
    page.close()


@pytest.fixture
def agent(the_agent):
    the_agent.rest()
    return the_agent


def check(page, agent):
    """No page may complain, or ask anybody else for anything."""
    assert page.problems == []
    own = agent.url, agent.url.replace('http', 'ws')
    assert [url for url in page.requested if not url.startswith(own)] == []


@pytest.fixture
def page(the_page, agent):
    """A page that many tests share, as opening one takes longer than most of them."""
    the_page.wait(f"{OPEN} && {DOMINANT} === 'neutral'")
    yield the_page
    check(the_page, agent)


@pytest.fixture
def open_page(browser, agent):
    pages = []

    def open_(path='', size=(1440, 900)):
        page = browser.open(agent.url + path, *size)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
        check(page, agent)


def told(agent, do):
    """The newest request of a kind; it waits for the first."""
    wait_for(lambda: any(request['do'] == do for request in agent.asked), 10, do)
    return next(request for request in reversed(agent.asked) if request['do'] == do)


def test_praise_brings_joy(page, agent):
    page.value("intensity.value = 80; intensity.dispatchEvent(new Event('input'))")

    page.click('[data-name=praise]')

    page.wait(f"{DOMINANT} === 'joy'")
    page.wait("document.querySelector('#dominant_said').textContent === 'joy'")
    assert told(agent, 'stimulate')['intensity'] == 0.8
    assert page.text('#log b') == 'praise × 0.8'
    assert page.text('#why').endswith('last: praise by web')
    meter = "document.querySelector('#emotions [aria-label=joy]')"
    assert float(page.value(f"{meter}.getAttribute('aria-valuenow')")) > 0.3
    assert 'dopamine +' in page.value("document.querySelector('[data-name=praise]').title")


def test_draws_the_pixels_of_the_face(page, agent):
    lit = np.random.default_rng(0).integers(0, 2, (64, 128), dtype=np.uint8)
    bits = base64.b64encode(np.packbits(lit).tobytes()).decode()
    agent.is_drawing = False
    agent.tell(type='face', t=0.0, width=128, height=64, bits=bits)
    one_each = """(() => {
      const pen = new OffscreenCanvas(128, 64).getContext('2d', {willReadFrequently: true});
      pen.imageSmoothingEnabled = false;
      pen.drawImage(face, 0, 0, face.width, face.height, 0, 0, 128, 64);
      const {data} = pen.getImageData(0, 0, 128, 64);
      return Array.from({length: 64 * 128}, (_, i) => Number(data[4 * i] > 128));
    })()"""

    wait_for(lambda: page.value(one_each) == lit.flatten().tolist(), 10)


def test_drags_a_person(page, agent):
    page.click('#play')
    left, top, width, height = page.place('.plane')
    middle = left + width / 2, top + height / 2

    page.drag(middle, (middle[0] + 0.2 * width, middle[1]), (middle[0], middle[1] - 0.25 * height))

    wait_for(lambda: agent.person == pytest.approx((0.0, 0.54), abs=0.02), 10)
    page.wait("document.querySelector('circle.played').getAttribute('cy') < -0.5")
    page.click('#play')
    wait_for(lambda: agent.person is None, 10)
    page.wait("!document.querySelector('circle.played')")


def test_is_used_by_keyboard_alone(page, agent):
    def tab_to(condition):
        for _ in range(60):
            page.press('Tab')
            if page.value(f'(e => {condition})(document.activeElement)'):
                assert page.value(
                    "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                )
                return
        pytest.fail(f'never reached: {condition}')

    tab_to("e.dataset.name === 'praise'")
    page.press('Enter')
    assert told(agent, 'stimulate')['name'] == 'praise'
    tab_to("e.id === 'gaze'")
    page.press('ArrowRight', 'ArrowDown', shift=True)
    wait_for(lambda: (told(agent, 'gaze')['x'], told(agent, 'gaze')['y']) == (0.25, 0.25), 10)
    page.press('Escape')
    wait_for(lambda: 'x' not in told(agent, 'gaze'), 10)
    tab_to("e.id === 'play'")
    page.press(' ', 'ArrowRight', 'ArrowUp', 'ArrowUp')
    wait_for(lambda: agent.person == pytest.approx((0.05, 0.1)), 10)
    assert page.value("document.activeElement.getAttribute('aria-valuetext')") == (
        'valence 0.05, arousal 0.10'
    )
    page.press('Escape')
    wait_for(lambda: agent.person is None, 10)
    assert page.value('document.activeElement.id') == 'play'


def test_two_browsers_share_a_session_and_a_script(page, open_page, agent):
    other = open_page(size=(360, 740))
    other.wait("document.querySelector('#session_start').checkVisibility()")

    other.value("participant.value = 'P07'; condition.value = 'warm'")
    other.click('#session_start button')

    page.wait("document.querySelector('#session_participant').textContent === 'P07'")
    page.value("marker.value = 'laughs'")
    page.click('#marker_form button')
    other.wait("document.querySelector('#log b')?.textContent === '▸ laughs'")
    page.click('#script_play')
    other.wait("document.querySelector('#script_state').textContent === 'day waits for key yes'")
    other.click('#script_key')
    page.wait("document.querySelector('#script_state').textContent === 'day plays'")
    assert told(agent, 'control')['value'] == 'yes'
    page.click('#session_stop')
    assert agent.session['session'] != ''  # one press stops nothing
    page.click('#session_stop')
    other.wait("document.querySelector('#session_start').checkVisibility()")


def test_comes_back_after_a_lost_connection(page, agent):
    page.click('#play')
    wait_for(lambda: agent.person is not None, 10)

    agent.stop()
    page.wait("document.querySelector('#link').textContent.startsWith('connection lost')")
    page.click('[data-name=praise]')
    page.wait("document.querySelector('#notice').textContent.startsWith('not sent')")
    agent.start()

    page.wait(OPEN)
    assert not page.value('play.checked')
    page.problems.clear()  # a browser complains of what it cannot reach


def test_notices_a_robot_that_says_no_goodbye(page, agent):
    agent.is_silent = True
    page.value('{const now = performance.now.bind(performance);'
               'performance.now = () => now() + 1e4}')  # fmt: skip

    page.wait("document.querySelector('#link').textContent.startsWith('connection lost')")
    agent.is_silent = False
    page.wait(OPEN)


def test_keeps_the_token_for_the_tab(open_page, agent):
    agent.token = 'a b&c'
    page = open_page('?token=a%20b%26c')
    page.wait(OPEN)
    assert page.value('location.search') == ''
    page.call('Page.reload')
    page.wait(f"performance.getEntriesByType('navigation')[0].type === 'reload' && {OPEN}")

    other = open_page()
    other.wait("document.querySelector('#link').textContent === 'the token is wrong'")
    other.problems.clear()


def test_takes_texts_of_others_as_texts(page, agent):
    bad = '<img src="http://example.com/x.png" onerror="document.title = 1">'
    agent.tell(type='cause', t=1.0, name=bad, intensity=1.0, source=bad)
    agent.tell(type='event', t=1.0, kind='marker', name=bad, value=bad, source=bad)
    agent.session |= {'session': bad, 'participant': bad, 'script': bad, 'scripts': [bad]}
    agent.tell(type='session', **agent.session)
    agent.tell(type='diagnostics', items=[{'node': bad, 'name': bad, 'level': 2, 'message': bad}])

    page.wait("document.querySelector('#health').textContent.includes('<img')")
    assert page.text('#session_participant') == bad
    assert page.text('#health .badge') == 'wrong'
    assert page.value("document.querySelectorAll('img').length") == 0


def test_a_pause_stops_the_courses(page):
    picture = "document.querySelector('#affect_course').toDataURL()"
    before = page.value(picture)
    page.wait(f'{picture} !== {before!r}')
    page.click('#pause')
    before = page.value(picture)
    page.click('[data-name=loud_sound]')
    page.wait("document.querySelector('#emotions [aria-label=surprise]').ariaValueNow > 0.3")
    assert page.value(picture) == before
    page.click('#pause')


def test_everything_fits_and_can_be_read(page):
    for scheme in ('dark', 'light'):
        page.prefer(prefers_color_scheme=scheme)
        assert page.value(UNREADABLE) == []
    for width in (360, 720, 1000, 1180, 1280, 1440):
        page.resize(width, 900)
        assert page.value('document.documentElement.scrollWidth') <= width


def test_all_controls_have_names(page, agent):
    agent.session |= {'session': 'x', 'script': 'day', 'script_state': 'playing'}
    agent.tell(type='session', **agent.session)
    page.click('#play')
    page.wait("document.querySelector('#session_running').checkVisibility()")

    page.call('Accessibility.enable')
    nodes = page.call('Accessibility.getFullAXTree')['nodes']

    def is_control(node):
        on = {p['name'] for p in node.get('properties', []) if p['value'].get('value') is True}
        return not node['ignored'] and 'focusable' in on

    page.click('#play')
    controls = [node for node in nodes if is_control(node)]
    assert len(controls) > 30
    nameless = [n['role']['value'] for n in controls if not n.get('name', {}).get('value')]
    assert set(nameless) <= {'RootWebArea'}


# Texts whose contrast with what is behind them is below AA (4.5, large ones 3), with the contrast.
UNREADABLE = """(() => {
  const pen = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const paint = colours => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
    const light = [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)].map(v => {
      v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * light[0] + .7152 * light[1] + .0722 * light[2];
  };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement, style = getComputedStyle(e);
    if (!node.data.trim() || !e.checkVisibility()) continue;
    if (e.closest('.unseen, :disabled, option')) continue;
    const behind = [], isSvg = e instanceof SVGElement;
    for (let up = e; up; up = up.parentElement) {
      if (up.tagName === 'svg') behind.unshift(getComputedStyle(up.querySelector('.edge')).fill);
      behind.unshift(getComputedStyle(up).backgroundColor);
    }
    const [one, two] = [paint(behind), paint([...behind, isSvg ? style.fill : style.color])];
    const contrast = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    const large = parseFloat(style.fontSize) >= 24;
    if (contrast < (large ? 3 : 4.5)) found.push(`${node.data.trim()}: ${contrast.toFixed(2)}`);
  }
  return found;
})()"""
