"""Opens HTML reports in headless Chromium: light and dark, wide and narrow.

Usage: pages.py PROGRAM [FOLDER]; with FOLDER, the pages in it are looked at instead of new ones. Exit status 77 where there is no Chromium.
"""
import functools
import html
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

HERE = pathlib.Path(__file__).parent
WIDTHS = [1280, 390]


def write_reports(program, folder):
    """A report of several pages, and one page with several theorems."""
    x, y = folder / "x <&>.csv", folder / "y.csv"
    x.write_text("0.5,0.25,0\n-0.5,0.5,0.125\n0,0.25,0.75\n")
    y.write_text("1,0\n0,1\n-1,0.5\n")
    suite = [program, "verify", "--suite", HERE / "small.toml", "--html", "--out", folder]
    check = [program, "check", "basic_event", "width", "--x", x, "--y", y, "--m", "64", "--sigma", "1",
             "--html", folder / "check <&> page.html"]
    for command in suite, check:
        run = subprocess.run(command, capture_output=True, text=True, timeout=900)
        if run.returncode not in (0, 1, 3):
            sys.exit(f"{command}: exit status {run.returncode}: {run.stderr}")


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        if self.path == "/favicon.ico":  # asked for by every browser, and part of no report
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()


def chromium_output(chromium, scheme, profile, *arguments):
    dark = ["--force-dark-mode"] if scheme == "dark" else []
    command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
               f"--user-data-dir={profile}", "--enable-logging=stderr", "--window-size=1400,1000", *dark, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


def look(chromium, scheme, folder, pages, address, profile):
    task = {"pages": [urllib.parse.quote(page) for page in pages], "widths": WIDTHS, "dark": scheme == "dark"}
    driver = ('<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head><body>'
              f'<script type="application/json" id="task">{json.dumps(task)}</script><script>{(HERE / "check.js").read_text()}'
              '</script></body></html>')
    (folder / "driver.html").write_text(driver)
    run = chromium_output(chromium, scheme, profile, "--virtual-time-budget=600000", "--timeout=500000", "--dump-dom",
                          f"{address}/driver.html")
    (folder / "driver.html").unlink()
    trouble = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    answer = re.search(r'<pre id="result">(.*?)</pre>', run.stdout, re.S)
    if not answer:
        return trouble + ["no answer from the browser: " + run.stderr[-2000:]]
    outcome = json.loads(html.unescape(answer.group(1)))
    print(f"{scheme}: {outcome['looked']} pages looked at")
    if outcome["looked"] != len(pages) * len(WIDTHS):
        trouble.append("not every page was looked at")
    return trouble + outcome["found"]


def main():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("SKIP: there is no chromium (Debian package chromium)")
        return 77
    with tempfile.TemporaryDirectory(prefix="assay-browser-") as temporary:
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(temporary) / "report"
        if len(sys.argv) <= 2:
            folder.mkdir()
            write_reports(sys.argv[1], folder)
        pages = sorted(path.name for path in folder.glob("*.html"))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        trouble = []
        for scheme in "light", "dark":
            trouble += look(chromium, scheme, folder, pages, address, pathlib.Path(temporary) / scheme)
        server.shutdown()
    for line in trouble[:60]:
        print(line)
    return 1 if trouble else 0


sys.exit(main())
