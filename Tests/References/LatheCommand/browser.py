"""Drives headless Chromium over its DevTools protocol, for the interop tests of reports.

    browser.py use PAGE EXPECTED [SHOTS]    uses every part of a report; EXPECTED is a JSON file (see `use`),
                                            SHOTS a folder for screenshots
    browser.py open PAGE COUNT              opens a report of COUNT runs and prints the load time
"""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import websocket


class Page:
    """A browser with one page."""

    def __init__(self):
        # A helper process may outlive Chromium for a moment and still write into the profile.
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        # Chromium's sandbox does not work for root, which is usual in containers.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", *sandbox, "--remote-debugging-port=0", "--remote-allow-origins=*",
             "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
             "--hide-scrollbars", "--user-data-dir=" + self.folder.name, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        port = self.wait(self.port, "Chromium does not start")
        target = self.wait(
            lambda: next((t for t in self.targets(port) if t["type"] == "page"), None), "Chromium has no page")
        self.socket = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=60)
        self.count, self.events = 0, []
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.folder.cleanup()

    def port(self):
        try:
            lines = open(self.folder.name + "/DevToolsActivePort").read().split("\n")
            return lines[0] if len(lines) > 1 else None
        except FileNotFoundError:
            return None

    @staticmethod
    def targets(port):
        return json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))

    @staticmethod
    def wait(question, problem):
        for _ in range(600):
            if answer := question():
                return answer
            time.sleep(0.05)
        raise SystemExit(problem)

    def call(self, method, **parameters):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def prefers(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.settle()

    def open(self, path):
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait(lambda: self.js("document.readyState") == "complete", "the page does not load")
        self.settle()

    def settle(self):
        """Waits until pending changes have been drawn."""
        self.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def box(self, selector):
        return self.js(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); "
                       f"e.scrollIntoView({{block: 'center', behavior: 'instant'}}); "
                       "const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()")

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)
        self.settle()

    def click(self, selector):
        x, y, width, height = self.box(selector)
        for kind in ["mousePressed", "mouseReleased"]:
            self.mouse(kind, x + width / 2, y + height / 2, button="left", clickCount=1)

    def key(self, name):
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode={"ArrowLeft": 37, "Home": 36, "Tab": 9}.get(name, 0))
        self.settle()

    def type(self, text):
        self.call("Input.insertText", text=text)
        self.settle()

    def texts(self, selector):
        return self.js(f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.textContent.trim())")

    def shot(self, path):
        width, height = self.js("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        open(path, "wb").write(base64.b64decode(data))

    def quiet(self):
        """Asserts that there were no errors and no requests but the page itself."""
        self.js("0")
        wrong = [e["params"] for e in self.events
                 if e["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")]
        assert not wrong, wrong
        asked = {e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"}
        asked = {url for url in asked if not url.startswith("data:")}
        assert len(asked) == 1 and asked.pop().startswith("file:///"), asked


def canvas(page):
    return page.js("document.querySelector('#curves canvas').toDataURL()")


def use(path, expected, shots=None):
    """EXPECTED: `hostile`, a text that is in a name, a sample, a log and a failure; `runs`, their number; `curve`,
    [step, value] of the first configuration's validation if it has one run."""
    expected = json.load(open(expected))
    if shots:
        os.makedirs(shots, exist_ok=True)
    with Page() as page:
        page.size(1280, 900)
        page.prefers("light")
        page.open(path)
        if shots:
            page.shot(shots + "/light.png")

        # Text of runs is shown, and none of it is executed.
        page.click("#runs input[value=runs]")
        assert expected["hostile"] in "\n".join(page.texts("#runs td")), "the name"
        read = page.js("""(() => {
            const select = () => document.querySelector('#samples select'), texts = [];
            for (const { value } of [...select().options]) {
                select().value = value;
                select().dispatchEvent(new Event('change'));
                texts.push(document.querySelector('#samples .card').textContent);
            }
            return texts.join(' ');
        })()""")
        assert read.count(expected["hostile"]) >= 3, "a sample, a log, a failure"
        assert page.js("typeof window.hit") == "undefined"

        # Rows can be sorted both ways and filtered.
        assert len(page.texts("#runs tbody tr")) == expected["runs"]
        column = "#runs th[data-key=final]"
        place = page.texts("#runs thead th").index(page.texts(column)[0]) + 1
        figures = lambda: [float(t) for t in page.texts(f"#runs tbody td:nth-child({place})") if t != "–"]
        page.click(column + " button")
        assert page.js(f"document.querySelector('{column}').ariaSort") == "ascending"
        ascending = figures()
        assert ascending == sorted(ascending) and len(set(ascending)) > 3
        assert page.js("document.activeElement.textContent") == page.texts(column)[0], "the focus stays"
        page.click(column + " button")
        assert page.js(f"document.querySelector('{column}').ariaSort") == "descending"
        assert figures() == ascending[::-1]
        page.click("#filter")
        page.type("status=failed")
        assert len(page.texts("#runs tbody tr")) == 1 and "1 of" in page.texts("#runs [role=status]")[0]
        page.js("document.getElementById('filter').select()")
        # The widest gap between two figures, because the displayed values are rounded.
        below, above = max(zip(ascending, ascending[1:]), key=lambda pair: pair[1] - pair[0])
        middle = (below + above) / 2
        page.type(f"final<{middle}")
        assert sorted(figures()) == [f for f in ascending if f < middle]
        page.js("document.getElementById('filter').select()")
        page.type("there is no such run")
        assert page.texts("#runs tbody tr") == []
        page.js("{ const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input')); }")

        # Values under the pointer and by keyboard.
        assert "at the end" in page.texts("#curves thead th")[0]
        step, value = expected["curve"]
        x, y, width, height = page.box("#curves .plot")
        page.mouse("mouseMoved", x + width / 2, y + height / 2)
        assert page.texts("#curves thead th")[0].startswith("at step ")
        page.mouse("mouseMoved", x + width - 15, y + height / 2)
        page.mouse("mouseMoved", 1, 1)
        page.js("document.querySelector('#curves .plot').focus()")
        page.key("Home")
        assert page.texts("#curves thead th")[0] == f"at step {step}", page.texts("#curves thead th")
        assert f"{value:.4f}" in page.texts("#curves tbody td"), (value, page.texts("#curves tbody td"))
        assert f"{value:.4f}" in page.texts("#curves-spoken")[0]
        page.key("ArrowRight")
        assert page.texts("#curves thead th")[0] != f"at step {step}"
        page.key("Escape")
        assert "at the end" in page.texts("#curves thead th")[0]

        # Every switch changes the plot.
        for selector in ["input[name='y scale'][value=log]", "input[name='x scale'][value=log]",
                         "input[name=x][value=tokens]", "input[name=x][value=seconds]",
                         "input[name=Seeds][value=lines]"]:
            before = canvas(page)
            page.click("#curves " + selector)
            assert canvas(page) != before, selector
        for quantity in ["loss", "gradient_norm"]:
            before = canvas(page)
            page.js(f"{{ const s = document.getElementById('quantity'); s.value = '{quantity}'; "
                    f"s.dispatchEvent(new Event('change')); }}")
            page.settle()
            assert canvas(page) != before, quantity
        before, count = canvas(page), len(page.texts("#curves tbody tr"))
        page.click("#runs tbody tr:last-child input")
        assert canvas(page) != before and len(page.texts("#curves tbody tr")) != count

        # Light and dark, by system preference and by the reader's choice.
        color = lambda: page.js("getComputedStyle(document.body).backgroundColor").strip("rgb()").split(",")
        ground = lambda: sum(map(int, color())) / 3
        before = canvas(page)
        assert ground() > 200
        page.click("#theme input[value=dark]")
        assert ground() < 60 and canvas(page) != before
        page.click("#theme input[value=auto]")
        assert ground() > 200 and canvas(page) == before
        page.prefers("dark")
        assert ground() < 60 and canvas(page) != before

        # An injected script would not run.
        page.js("document.body.append("
                "Object.assign(document.createElement('script'), {textContent: 'window.got = 1'}))")
        assert page.js("typeof window.got") == "undefined"
        blocked = [e for e in page.events if e["method"] == "Log.entryAdded"]
        page.events = [e for e in page.events if e not in blocked]
        assert len(blocked) == 1 and "Content Security Policy" in blocked[0]["params"]["entry"]["text"], blocked

        page.open(path)
        if shots:
            page.shot(shots + "/dark.png")
        # On a phone, nothing is wider than the screen.
        page.prefers("light")
        page.size(390, 844, mobile=True)
        page.open(path)
        assert page.js("document.documentElement.scrollWidth") == 390
        if shots:
            page.shot(shots + "/phone.png")
        page.size(1280, 900)
        page.prefers("dark")
        page.open(path)
        paper = page.call("Page.printToPDF", printBackground=True, paperWidth=8.27, paperHeight=11.69)
        if shots:
            open(shots + "/print.pdf", "wb").write(base64.b64decode(paper["data"]))
        page.quiet()


def open_(path, count):
    with Page() as page:
        page.size(1280, 900)
        page.open(path)
        timing = page.js("(() => { const n = performance.getEntriesByType('navigation')[0]; "
                         "const p = performance.getEntriesByName('first-contentful-paint')[0]; "
                         "return [n.loadEventEnd, p.startTime]; })()")
        assert len(page.texts("#curves tbody tr")) == 6
        page.click("#runs input[value=runs]")
        page.click("#runs .more button")
        assert len(page.texts("#runs tbody tr")) == int(count)
        page.quiet()
        print(f"{os.path.getsize(path)} bytes; loaded after {timing[0]:.0f} ms, first painted after {timing[1]:.0f} ms")


{"use": use, "open": open_}[sys.argv[1]](*sys.argv[2:])
