"""What a document costs: the whole set beside bare WeasyPrint, after one edit beside the whole, two workers beside one;
and, as the limit of what other engines take for the same content, Chromium and Typst. See bin/bench.

python -m bench.parts [--save] [--lines N] [--repetitions N] [--documents N]
"""

import argparse
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from shutil import rmtree, which
from statistics import median
from time import perf_counter, process_time

import django

django.setup()

from django.conf import settings
from weasyprint import HTML

from agreements.binding import pages_in
from agreements.documents import render, to_html
from agreements.layout import OwnFilesOnly, _faces, _styles, face
from agreements.typeset import well_broken
from bench.paper import certificate, sections

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- documents -->\n", "<!-- end of documents -->\n"


def main():
    asked = _arguments()
    if asked.worker:
        return _work(asked.worker, asked.lines)
    content = sections(asked.lines)
    html, pages = to_html(content, certificate(content)), pages_in(_whole(content))
    say(f"{asked.lines} indicators, {pages} pages")
    rows = [*_in_one_process(content, html, asked), _two_workers(asked), *_limits(html, asked)]
    table = _table(rows, asked, pages)
    say("\n" + table)
    if asked.save:
        before, rest = DOCUMENT.read_text().split(BEGIN)
        DOCUMENT.write_text(before + BEGIN + table + END + rest.split(END)[1])
    return None


def _arguments():
    parser = argparse.ArgumentParser(prog="bench parts")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--lines", type=int, default=48)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--documents", type=int, default=6, help="how many two workers make")
    parser.add_argument("--worker", nargs="*", help=argparse.SUPPRESS)
    return parser.parse_args()


# In one process: processor time, so that what else the machine does counts little


def _in_one_process(content, html, asked):
    whole, bare, edited = [], [], []
    for turn in range(asked.repetitions):
        bare.append(_spent(lambda: _bare(html)))
        _clear()
        whole.append(_spent(lambda: _whole(content)))
        other = sections(asked.lines, edited=f"แก้ไขครั้งที่ {turn}")
        edited.append(_spent(lambda other=other: _whole(other)))
        say(f"bare {bare[-1]:.2f} s, whole {whole[-1]:.2f} s, after one edit {edited[-1]:.2f} s")
    yield "whole set : bare WeasyPrint on the same HTML", median(whole) / median(bare)
    yield "after an edit of one indicator : whole set", median(edited) / median(whole)


def _bare(html):
    """WeasyPrint alone: no mending of text, no tags, no attachment, no page numbers in the contents."""
    return HTML(string=well_broken(html), url_fetcher=OwnFilesOnly()).write_pdf(
        stylesheets=_styles(), font_config=_faces()
    )


def _whole(content):
    return render(content, certificate(content))


def _clear():
    rmtree(settings.SET_PARTS_ROOT, ignore_errors=True)


def _spent(call):
    began = process_time()
    call()
    return process_time() - began


# Workers


def _two_workers(asked):
    """Elapsed time of several agreements made by two processes, to one; 0.5 is the best there can be."""
    names = [str(at) for at in range(asked.documents)]
    one = _elapsed([names], asked)
    two = _elapsed([names[::2], names[1::2]], asked)
    say(f"{asked.documents} agreements: one worker {one:.1f} s, two {two:.1f} s")
    return f"{asked.documents} agreements by two workers : by one (elapsed)", two / one


def _elapsed(shares, asked):
    _clear()
    began = perf_counter()
    command = [sys.executable, "-m", "bench.parts", "--lines", str(asked.lines), "--worker"]
    workers = [subprocess.Popen([*command, *share]) for share in shares]
    if any(worker.wait() for worker in workers):
        raise RuntimeError("A worker failed.")
    return perf_counter() - began


def _work(names, lines):
    for name in names:
        _whole(sections(lines, unit=name))


# Limits: the same words in other engines


def _limits(html, asked):
    bare = median(_spent(lambda: _bare(html)) for _turn in range(min(asked.repetitions, 3)))
    with tempfile.TemporaryDirectory() as folder:
        if which("chromium"):
            yield "Chromium on the same HTML : bare WeasyPrint", _chromium(html, Path(folder)) / bare
        if importlib.util.find_spec("typst"):
            yield "Typst on the same texts and tables : bare WeasyPrint", _typst(html, Path(folder)) / bare


def _chromium(html, folder):
    sheets = "".join(sheet.read_text() for sheet in (settings.BASE_DIR / "static/agreements").glob("*.css"))
    for weight in (400, 600, 700):
        sheets = sheets.replace(f"sarabun:{weight}", f"file://{face(weight, italic=False)}")
    page = folder / "page.html"
    page.write_text(html.replace("</head>", f"<style>{sheets}</style></head>"))
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    return _spent_by_child([*command, f"--print-to-pdf={folder}/page.pdf", f"file://{page}"])


def _typst(html, folder):
    source = folder / "page.typ"
    source.write_text(_as_typst(html))
    fonts = face(400, italic=False).parent
    made = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]])"
    return _spent_by_child([sys.executable, "-c", made, str(source), f"{folder}/typst.pdf", str(fonts)])


def _spent_by_child(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=os.environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class _Outline(HTMLParser):
    """The texts of a page in Typst: headings, paragraphs, and tables as tables."""

    def __init__(self):
        super().__init__()
        self.out, self.text, self.rows = [], "", None

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("section", "article"):
            self.out.append("#pagebreak(weak: true)")
        self._paragraph(tag)

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append(self._taken())
        elif tag == "table" and self.rows:
            width = max(len(row) for row in self.rows)
            cells = ", ".join(f"[{cell}]" for row in self.rows for cell in [*row, *[""] * (width - len(row))])
            self.out.append(f"#table(columns: {width}, {cells})")
            self.rows = None
        else:
            self._paragraph(tag)

    def _paragraph(self, tag):
        if self.rows is None and tag in ("p", "li", "h1", "h2", "h3", "h4", "div", "section", "table"):
            self.out.append(self._taken() + "\n")

    def _taken(self):
        words = " ".join(self.text.split())
        self.text = ""
        return "".join(f"\\{each}" if each in "\\#$*_[]<>@`~=/-+" else each for each in words)


def _as_typst(html):
    outline = _Outline()
    outline.feed(html.partition("<body>")[2])
    head = '#set text(font: "Sarabun", size: 12pt, lang: "th")\n#set page(paper: "a4")\n'
    return head + "\n".join(outline.out)


# The table


def _table(rows, asked, pages):
    lines = [
        f"{pages} pages, {asked.lines} indicators; medians of {asked.repetitions} runs in turns.",
        "",
        "| what | ratio |",
        "|---|---|",
        *(f"| {what} | {ratio:.2f} : 1 |" for what, ratio in rows),
    ]
    return "\n".join(lines) + "\n"


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
