#!/usr/bin/env python3
"""The monitor page in a real Chromium, on runs against the demo's embedded broker, and on events made here.

    tests/web/monitor.py PROGRAM [TEST...]"""
import copy
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), HERE]
import browser as browsers  # noqa: E402
import scene as scenes  # noqa: E402
import stand_in as stand_ins  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
STORY = {"url": "https://www.example.com/news/bridge-opens", "title": "The new bridge across the Almond opens",
         "text": "The bridge across the river Almond was opened on Monday by the mayor of Lindholm, Ada Brandt.\n\n"
                 "\"We have waited eleven years for this day,\" said Ada Brandt, the mayor. The government paid half of the cost.\n\n"
                 "Some 20,000 cars are expected to cross it each day, the ministry of transport said.\n\n[ad_2]", "language": "en"}
HOSTILE = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script><svg onload=window.pwned=1>'\"&lt;b&gt;"


def story(number, **more):
    return {**STORY, "url": f"{STORY['url']}-{number}", "title": f"{STORY['title']}, part {number}", **more}


# --- reading the page ------------------------------------------------------------------------------

# The table of throughput's total of a row, as a number.
FLOW = """((name) => Number([...document.querySelectorAll('#flow tr')].find((row) => row.cells[0].textContent === name)
    ?.cells[4].textContent.replaceAll(',', '')))"""


def flow(page, row):
    return page.value(f"{FLOW}({json.dumps(row)})")


def cells(page, body):
    return page.value(f"[...document.querySelectorAll('#{body} tr')].map((row) => [...row.cells].map((cell) => cell.textContent))")


def text(page, selector):
    return page.value(f"document.querySelector({json.dumps(selector)}).textContent")


def wait_live(page):
    page.wait("document.getElementById('connection').textContent === 'Live' && document.querySelector('#flow tr') !== null")


def wait_for_quiet(page):
    """Until the records of earlier tests are read: the next one is shown, as no other comes in its second."""
    wait_live(page)
    page.wait(f"{FLOW}('records read') > 0")
    time.sleep(3)


def no_complaints(page):
    # The browser notes each answer of 401 and 503; the page says them in words.
    complaints = [line for line in page.complaints() if not line.startswith("Failed to load resource")]
    assert not complaints, complaints


def no_sideways_scroll(page, width):
    widest = page.value("document.documentElement.scrollWidth")
    culprits = page.value(f"[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > {width} + 1 && "
                          "!e.closest('.scroll, nav, .value')).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))")
    assert widest <= width, (widest, culprits)


# --- a run -----------------------------------------------------------------------------------------


def values_are_those_of_the_metrics(scene, browser):
    run = scene.run()
    page = browser.page(run.url)
    for i in range(5):
        scene.feed(story(i))
    scene.feed(b"{\"title\": ")
    page.wait(f"{FLOW}('rejected') === 1 && {FLOW}('enriched') >= 6")
    page.wait("document.querySelector('#lanes tr')?.cells[7].textContent.endsWith('ago')")
    time.sleep(1.5)  # until the page has what was committed last
    values = scenes.metrics(run)
    assert flow(page, "records read") == scenes.total(values, "copydesk_records_in_total") == 7, values
    for outcome in ("enriched", "rejected", "passed", "skipped"):
        assert flow(page, outcome) == scenes.total(values, "copydesk_records_out_total", outcome=outcome), outcome
    assert flow(page, "transactions") == scenes.total(values, "copydesk_transactions_total")
    lags = cells(page, "partitions")
    assert len(lags) == 2
    for topic, partition, lag, committed, end in lags:
        for name, shown in (("lag_records", lag), ("committed_offset", committed), ("end_offset", end)):
            assert int(shown) == scenes.total(values, f"copydesk_{name}", topic=topic, partition=partition), (name, lags)
    for body, name, label in (("subjects", "copydesk_records_by_subject_total", None), ("languages", "copydesk_records_by_language_total", None),
                              ("sources", "copydesk_records_by_source_total", "source"), ("codes", "copydesk_rejected_by_code_total", "code")):
        shown = cells(page, body)
        assert sum(int(row[1]) for row in shown) == scenes.total(values, name), (body, shown)
        for row in shown if label else []:
            assert int(row[1]) == scenes.total(values, name, **{label: row[0]}), (body, row)
    lane = cells(page, "lanes")[0]
    assert lane[:3] == ["0", "running", "2"] and int(lane[4]) == 7, lane
    assert text(page, "#rulebook") == [name for name in values if name.startswith("copydesk_rulebook_info")][0].split('"')[1]
    assert text(page, "#readiness") == "Ready" and text(page, "#group") == "web-0"
    no_complaints(page)


def updates_arrive(scene, browser):
    run = scene.run()
    page = browser.page(run.url)
    wait_live(page)
    page.wait(f"{FLOW}('records read') > 0")
    before = flow(page, "records read")
    scene.feed(story(100))
    page.wait(f"{FLOW}('records read') === {before + 1}", 10)
    assert "1 hour" not in text(page, "#chart-throughput .plot")
    assert "read: now" in page.value("document.querySelector('#chart-throughput .plot').getAttribute('aria-label')")
    page.value("document.getElementById('pause').click()")
    scene.feed(story(101))
    time.sleep(3)
    assert flow(page, "records read") == before + 1, "paused"
    page.value("document.getElementById('pause').click()")
    page.wait(f"{FLOW}('records read') === {before + 2}", 10)
    no_complaints(page)


def an_article_raw_and_clean(scene, browser):
    run = scene.run()
    page = browser.page(run.url)
    wait_for_quiet(page)
    scene.feed(story(200), key="a key", headers=[("origin", "wire")])
    page.wait("document.querySelector('#enriched-detail h3')?.textContent.endsWith('part 200')")
    removed = page.value("[...document.querySelectorAll('#enriched-detail .side:first-child .removed')].map((e) => e.textContent)")
    assert len(removed) == 1 and removed[0].startswith("[ad_2]") and "autoblog.ad-marker" in removed[0], removed
    assert page.value("getComputedStyle(document.querySelector('#enriched-detail del')).textDecorationLine") == "line-through"
    clean = text(page, "#enriched-detail .side:last-child")
    assert "Some 20,000 cars" in clean and "ad_2" not in clean, clean
    marks = page.value("[...document.querySelectorAll('#enriched-detail .side:last-child mark')].map((e) => [e.className, e.textContent, e.title])")
    assert ["mark-person", "Ada Brandt", "person: Ada Brandt"] in marks, marks
    facts = text(page, "#enriched-detail .facts")
    assert "origin: wire" in facts and "a key" in facts and "example.com" in facts and "articles.raw/" in facts, facts
    scene.feed(b"{\"title\": 12", key="broken", headers=[("why", "a test")])
    page.wait("document.querySelector('#rejected-detail .value')?.textContent === '{\"title\": 12'")
    assert text(page, "#rejected-detail h3") == "invalid-json" and "byte" in text(page, "#rejected-detail .reason")
    facts = text(page, "#rejected-detail .facts")
    assert "decode" in facts and "why: a test" in facts and "broken" in facts, facts
    # A reader who chooses an article keeps it while others come.
    page.value("document.querySelector('#enriched-list li:last-child button').click()")
    chosen = text(page, "#enriched-detail h3")
    scene.feed(story(201))
    page.wait("document.querySelector('#enriched-list .what').textContent.endsWith('part 201')")
    shown = text(page, "#enriched-detail h3")
    assert shown == chosen and not shown.endswith("part 201"), (chosen, shown)
    no_complaints(page)


def hostile_records_stay_text(scene, browser):
    run = scene.run()
    page = browser.page(run.url)
    wait_for_quiet(page)
    scene.feed({"url": "https://evil.example/<script>window.pwned=1</script>", "title": HOSTILE, "source": HOSTILE, "author": HOSTILE,
                "text": f"{HOSTILE}\n\nThe minister said on Monday: {HOSTILE} and more words follow here in this text."},
               key=HOSTILE, headers=[("x", HOSTILE), (HOSTILE.replace("=", " "), "value")])
    page.wait("document.querySelector('#enriched-detail .facts')?.textContent.includes('onerror')")
    scene.feed(f"{{\"title\": {HOSTILE}".encode(), key=HOSTILE, headers=[("x", HOSTILE)])
    page.wait("document.querySelector('#rejected-detail .value')?.textContent.includes('onerror')")
    assert HOSTILE in text(page, "#rejected-detail .value") and HOSTILE in text(page, "#rejected-detail .facts")
    nothing_runs(page)
    no_complaints(page)


def nothing_runs(page):
    assert page.value("window.pwned === undefined")
    assert page.value("document.querySelectorAll('main img, main script, main svg, main iframe, main b, main i, main a[href^=javascript]').length") == 0


def the_token_is_asked_for(scene, browser):
    run = scene.run(http="  token: a-token-of-nobody\n  user: ada\n  password: \"pass:wörd\"\n")
    page = browser.page(run.url)
    page.wait("!document.getElementById('credentials').hidden")
    assert page.value("document.activeElement.id") == "token"
    page.type("wrong")
    page.key("Enter")
    page.wait("document.getElementById('credentials-error').textContent === 'These were not accepted.'")
    page.value("document.getElementById('token').select()")
    page.type("a-token-of-nobody")
    page.key("Enter")
    wait_live(page)
    assert page.value("document.getElementById('credentials').hidden")
    page.go(run.url)  # it is kept in this tab
    wait_live(page)
    other = browser.page(run.url + "?")
    other.value("sessionStorage.clear()")
    other.go(run.url)
    other.wait("!document.getElementById('credentials').hidden")
    other.value("document.getElementById('user').focus()")
    other.type("ada")
    other.value("document.getElementById('password').focus()")
    other.type("pass:wörd")
    other.key("Enter")
    wait_live(other)
    assert "a-token-of-nobody" not in run.text()


def it_speaks_tls(scene, browser):
    key, certificate = f"{scene.folder}/key.pem", f"{scene.folder}/certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost"],
                   check=True, capture_output=True)
    run = scene.run(http=f"  certificate: {certificate}\n  key: {key}\n")
    page = browser.page("about:blank")
    page.call("Security.setIgnoreCertificateErrors", ignore=True)
    page.go(run.url)
    wait_live(page)
    no_complaints(page)


def articles_can_be_switched_off(scene, browser):
    run = scene.run(http="  articles: off\n")
    page = browser.page(run.url)
    wait_live(page)
    scene.feed(story(300))
    page.wait(f"{FLOW}('records read') > 0")
    time.sleep(2.5)
    assert text(page, "#enriched-empty") == "Articles are switched off: http.articles is off."
    assert page.value("document.querySelectorAll('#enriched-list li, #rejected-list li').length") == 0
    assert page.value("document.getElementById('enriched-follow').closest('label').hidden")


def a_lost_connection_is_said(scene, browser):
    run = scene.run()
    page = browser.page(run.url)
    wait_live(page)
    run.stop()
    page.wait("document.getElementById('connection').textContent.startsWith('Not connected')")
    assert "Trying again in" in text(page, "#retry") and page.value("document.title").startswith("(not connected)")
    scene.runs.remove(run)


# --- events of our making ----------------------------------------------------------------------------


def first_event(run, kind="metrics"):
    """The first event of a kind that a run gives, as an object."""
    import urllib.request
    with urllib.request.urlopen(run.url + "events", timeout=20) as stream:
        for line in stream:
            if line.decode().strip() == f"event: {kind}":
                return json.loads(next(stream).decode().removeprefix("data: "))


def ticks(shot, count, start_ms):
    """Snapshots a second apart, as text, whose counters rise."""
    shot = copy.deepcopy(shot)
    shot["time_ms"] = "@time@"
    for name, samples in shot["metrics"].items():
        for sample in samples:
            if name.endswith("_total"):
                sample["value"] = "@count@"
            if "buckets" in sample:
                sample["count"] = "@count@"
                sample["buckets"] = [[le, "@count@" if k > 5 else 0] for k, (le, _) in enumerate(sample["buckets"])]
    template = json.dumps(shot, separators=(",", ":"))
    for i in range(count):
        yield "metrics", template.replace('"@time@"', str(start_ms + 1000 * i)).replace('"@count@"', str(10 * i))


def article(number, words="Text of an article."):
    pieces = [words, [f" name {number}", "person", "A name"], ["cut", "cut", "a.rule"]]
    return {"at": f"articles.raw/0/{number}", "time_ms": 1795000000000 + number, "key": f"key {number}", "bytes": 1000, "headers": [["h", "v"]], "shown": number,
            "too_large": 0, "title": [f"Article {number}"], "blocks": [{"fate": "kept", "kind": "paragraph", "pieces": pieces},
            {"fate": "removed", "kind": "paragraph", "rule": "page.outside", "pieces": ["Related stories"]}] * 5, "blocks_left_out": 0,
            "language": {"code": "en", "confidence": 0.9}, "source": {"domain": "example.com"}, "subjects": [{"uri": "medtop:1", "name": "politics", "confidence": 0.5}],
            "people": [["A name", 1]], "organisations": [], "places": [], "attributions": [], "removed": [["a.rule", 1, 3]], "words": 5, "body_bytes": 30}


def a_day_does_not_grow_the_tab(scene, browser):
    """86,400 seconds of numbers, an article with each tenth, as fast as the page takes them."""
    run = scene.run()
    shot = first_event(run)
    keep = {name: samples for name, samples in shot["metrics"].items() if name.startswith("copydesk_") and "broker" not in name}
    shot["metrics"] = keep
    day, marks = 86400, {}

    def events(_):
        for i, tick in enumerate(ticks(shot, day, int(time.time() * 1000) - 1000 * day)):
            yield tick
            if i % 10 == 0:
                yield "enriched", article(i)
        while True:
            yield "about", {"articles": "on", "reason": ""}
            time.sleep(1)

    with stand_ins.StandIn(run, events) as stand_in:
        page = browser.page(stand_in.url)
        for mark in (8000, day):
            page.wait(f"monitor.count.events >= {mark + mark // 10} && {FLOW}('records read') >= {10 * (mark - 1)}", 400)
            marks[mark] = (page.heap_bytes(), page.value("document.getElementsByTagName('*').length"), page.value("record.size()"))
        assert page.value("monitor.count.bad") == 0
        assert page.value("document.querySelectorAll('#enriched-list li').length") == 20
        (heap_early, nodes_early, _), (heap, nodes, size) = marks[8000], marks[day]
        print(f"   after 8,000 ticks {heap_early / 1e6:.1f} MB and {nodes_early} elements, after 86,400 {heap / 1e6:.1f} MB and {nodes}; {size}")
        assert size == {"points": 3600, "counters": 61}, size
        assert nodes <= nodes_early + 50, marks
        assert heap < 16e6 and heap <= heap_early * 1.15 + 1e6, marks
        no_complaints(page)
        page.close()


def thousands_of_partitions_are_no_burden(scene, browser):
    """The 30 with the most lag are shown, the others summed; a second's numbers are drawn in less than a quarter of it."""
    run = scene.run()
    shot = first_event(run)
    count = 4096
    for name in ("lag_records", "committed_offset", "end_offset"):
        shot["metrics"][f"copydesk_{name}"] = [{"labels": {"topic": f"articles.raw.{i % 7}", "partition": str(i)}, "value": i} for i in range(count)]
    shot["metrics"]["copydesk_ledger_records_total"] = [{"labels": {"topic": f"articles.raw.{i % 7}", "partition": str(i), "outcome": outcome}, "value": i}
                                                        for i in range(count) for outcome in ("in", "enriched", "rejected", "passed", "skipped")]

    def events(_):
        yield from ticks(shot, 10, shot["time_ms"])
        time.sleep(20)

    with stand_ins.StandIn(run, events) as stand_in:
        page = browser.page(stand_in.url)
        page.wait(f"{FLOW}('records read') === 90")
        shown = cells(page, "partitions")
        assert [int(row[2].replace(",", "")) for row in shown] == list(range(count - 1, count - 31, -1)), shown
        rest = count - 30
        assert text(page, "#partitions-rest") == f"{rest:,} more partitions with less lag, {rest * (rest - 1) // 2:,} records together.", text(page, "#partitions-rest")
        ms = page.value("(() => { const started = performance.now(); for (let i = 0; i < 10; i++) { numbers.draw(record.state.shot); charts.draw(); } return (performance.now() - started) / 10; })()")
        print(f"   {ms:.0f} ms to draw {count} partitions")
        assert ms < 250, ms
        no_complaints(page)
        page.close()


def hostile_events_stay_text(scene, browser):
    """Each text of each event is hostile, whatever the server would have made of it."""
    run = scene.run()
    shot = first_event(run)

    def spoil(value):
        if isinstance(value, str):
            return HOSTILE
        if isinstance(value, list):
            return [spoil(item) for item in value]
        return {key: spoil(item) for key, item in value.items()} if isinstance(value, dict) else value

    hostile_shot = {"time_ms": shot["time_ms"], "metrics": {name: [{**sample, "labels": spoil(sample["labels"])} for sample in samples]
                                                            for name, samples in shot["metrics"].items()}}
    flows = hostile_shot["metrics"]
    for name, label in (("subject", "subject"), ("language", "language"), ("source", "source")):
        flows[f"copydesk_records_by_{name}_total"] = [{"labels": {label: HOSTILE, "name": HOSTILE}, "value": 3}]
    flows["copydesk_lag_records"] = [{"labels": {"topic": HOSTILE, "partition": HOSTILE}, "value": 3}]
    flows["copydesk_rejected_by_code_total"] = [{"labels": {"code": HOSTILE}, "value": 3}]
    flows["copydesk_source_silent_seconds"] = [{"labels": {"source": HOSTILE}, "value": 3}]
    flows["copydesk_sources_silent"] = [{"labels": {}, "value": 1}]
    flows["copydesk_ready"] = [{"labels": {}, "value": 0}]
    enriched = article(1)
    spoilt = {**spoil({key: value for key, value in enriched.items() if key != "blocks"}), "url": f"javascript:window.pwned=1//{HOSTILE}",
              "blocks": [{"fate": fate, "kind": "paragraph", "rule": HOSTILE, "pieces": [HOSTILE, [HOSTILE, "person", HOSTILE], [HOSTILE, HOSTILE, HOSTILE], [HOSTILE, "cut", HOSTILE]]}
                         for fate in ("kept", "removed", "hidden", "kept")]}
    rejected = {**spoil({"at": "", "key": "", "headers": [["", ""]], "code": "", "stage": "", "reason": "", "value": ""}), "time_ms": shot["time_ms"], "bytes": 3,
                "value_left_out": 10}

    def events(_):
        yield "about", {"articles": "off", "reason": HOSTILE}
        for i in range(3):
            yield "metrics", {**copy.deepcopy(hostile_shot), "time_ms": shot["time_ms"] + 1000 * i}
        yield "enriched", spoilt
        yield "rejected", rejected
        yield HOSTILE.split()[0], {"a": 1}
        yield "metrics", "this is no JSON <img src=x onerror=window.pwned=1>"
        time.sleep(20)

    with stand_ins.StandIn(run, events) as stand_in:
        page = browser.page(stand_in.url)
        page.wait("document.querySelector('#rejected-detail .value') !== null && document.querySelector('#enriched-detail .facts') !== null")
        time.sleep(1)
        assert HOSTILE in text(page, "#subjects") and HOSTILE in text(page, "#enriched-detail .side") and HOSTILE in text(page, "#rejected-detail h3")
        assert HOSTILE in text(page, "#partitions") and HOSTILE in text(page, "#codes") and HOSTILE in text(page, "#version")
        nothing_runs(page)
        assert page.value("monitor.count.bad") == 1
        assert [line for line in page.complaints() if "could not be read" not in line] == []


def it_goes_on_after_the_last_event(scene, browser):
    run = scene.run()
    shot = first_event(run)
    start = shot["time_ms"]

    def events(handler):
        first = int((handler.headers.get("Last-Event-ID") or "run-0").split("-")[1])
        for i in range(first, first + 3):
            yield "metrics", {**shot, "time_ms": start + 1000 * i}
        if first > 3:
            time.sleep(20)

    with stand_ins.StandIn(run, events) as stand_in:
        page = browser.page(stand_in.url)
        page.wait("monitor.count.events === 9", 20)
        assert [headers.get("Last-Event-ID") for headers in stand_in.requests] == [None, "run-3", "run-6"], stand_in.requests
        assert page.value("record.size().points") == 8


def the_plain_page_has_the_same_numbers(scene, browser):
    """Without npm at build time there are no charts; everything else is there."""
    run = scene.run()
    shot = first_event(run)

    def events(_):
        yield from ticks(shot, 30, shot["time_ms"])
        yield "enriched", article(7)
        time.sleep(20)

    shown = []
    for with_charts in (True, False):
        with stand_ins.StandIn(run, events, with_charts) as stand_in:
            page = browser.page(stand_in.url)
            page.wait(f"{FLOW}('records read') === 290 && document.querySelector('#enriched-detail h3') !== null")
            assert page.value("typeof uPlot") == ("function" if with_charts else "undefined")
            assert page.value("document.getElementById('charts').hidden") is not with_charts
            assert page.value("document.querySelectorAll('canvas').length") == (3 if with_charts else 0)
            shown.append([cells(page, body) for body in ("flow", "latency", "partitions", "subjects", "languages", "sources", "codes")])
            no_complaints(page)
    assert shown[0] == shown[1]


# --- for everybody -----------------------------------------------------------------------------------


def busy_page(scene, browser, **options):
    """A page with something in every part of it."""
    run = scene.run()
    shot = first_event(run)
    samples = shot["metrics"]
    samples["copydesk_lag_records"] = [{"labels": {"topic": "articles.raw-of-a-very-long-name-without-any-place-to-break-it", "partition": str(i)}, "value": 10 ** 9 + i} for i in range(40)]
    samples["copydesk_records_by_source_total"] = [{"labels": {"source": f"a-rather-long-name-of-an-outlet-{i}.example.com"}, "value": 10 ** 7} for i in range(30)]
    samples["copydesk_rejected_by_code_total"] = [{"labels": {"code": "json-syntax"}, "value": 3}]
    samples["copydesk_source_silent_seconds"] = [{"labels": {"source": "silent.example.com"}, "value": 40000}]
    samples["copydesk_sources_silent"] = [{"labels": {}, "value": 1}]

    def events(_):
        yield "about", {"articles": "on", "reason": ""}
        yield from ticks(shot, 60, shot["time_ms"])
        for i in range(30):
            yield "enriched", article(i, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)
        yield "rejected", {"at": "articles.raw/0/7", "time_ms": shot["time_ms"], "key": "k" * 200, "bytes": 10 ** 6, "headers": [["name", "v" * 300]], "code": "json-syntax",
                           "stage": "decode", "reason": "a string is not closed" * 5, "value": "x" * 3000, "value_left_out": 997000}
        time.sleep(60)

    stand_in = stand_ins.StandIn(run, events)
    page = browser.page(stand_in.url, **options)
    page.wait("document.querySelectorAll('#enriched-list li').length === 20 && document.querySelector('#rejected-detail .value') !== null && " + f"{FLOW}('records read') === 590")
    return stand_in, page


def a_phone_is_wide_enough(scene, browser):
    stand_in, page = busy_page(scene, browser, width=360, height=740, phone=True)
    with stand_in:
        no_sideways_scroll(page, 360)
        small = page.value("[...document.querySelectorAll('button, select, input:not([type=checkbox])')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 24).length")
        assert small == 0, "targets have 24 pixels at least"
        no_complaints(page)


FOCUSABLE = "a[href], button, select, input, [tabindex='0']"
# What has the focus: where it is in the document, and whether a person sees that it has it.
FOCUSED = """(() => { const e = document.activeElement; const s = getComputedStyle(e); const r = e.getBoundingClientRect();
    return [[...document.querySelectorAll("%s")].indexOf(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1, r.width > 0 && r.height > 0]; })()""" % FOCUSABLE


def the_keyboard_reaches_everything(scene, browser):
    stand_in, page = busy_page(scene, browser)
    with stand_in:
        wanted = page.value(f"[...document.querySelectorAll(\"{FOCUSABLE}\")].map((e, i) => e.offsetParent !== null || e.className === 'skip' ? i : -1).filter((i) => i >= 0)")
        reached = []
        for _ in range(len(wanted) + 5):
            page.key("Tab")
            index, is_marked, is_seen = page.value(FOCUSED)
            if index < 0 or index in reached:
                break
            assert is_marked and is_seen, f"the focus does not show: {page.value('document.activeElement.outerHTML.slice(0, 200)')}"
            reached.append(index)
        assert sorted(reached) == wanted and reached == sorted(reached), (wanted, reached)
        page.value("document.querySelector('#enriched-list li:nth-child(3) button').focus()")
        page.key("Enter")
        assert text(page, "#enriched-detail h3") == "Article 27" and not page.value("document.getElementById('enriched-follow').checked")
        assert page.value("document.querySelector('#enriched-list li:nth-child(3) button').getAttribute('aria-current')") == "true"
        page.value("document.getElementById('enriched-follow').focus()")
        page.key(" ")
        assert text(page, "#enriched-detail h3") == "Article 29"


def axe_finds_nothing(scene, browser):
    if not shutil.which("npm"):
        print("   skipped: no npm here")
        return
    if not os.path.exists(os.path.join(HERE, "node_modules", "axe-core")):
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=True, timeout=120)
    with open(os.path.join(HERE, "node_modules", "axe-core", "axe.min.js")) as file:
        axe = file.read()
    for options in ({"scheme": "light"}, {"scheme": "dark"}, {"scheme": "dark", "width": 360, "height": 740, "phone": True}):
        stand_in, page = busy_page(scene, browser, **options)
        with stand_in:
            page.value(axe + ";0")
            found = page.value("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(({violations, passes}) => "
                               "[violations.map((v) => [v.id, v.help, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 150) + ' ' + n.failureSummary.slice(0, 200))]), passes.length])", 120)
            assert found[0] == [], (options, json.dumps(found[0], indent=1))
            assert found[1] > 20, "it did look"
            page.close()


def motion_and_theme_are_respected(scene, browser):
    stand_in, page = busy_page(scene, browser)
    with stand_in:
        ground = "getComputedStyle(document.body).backgroundColor"
        light = page.value(ground)
        page.scheme("dark")
        page.wait(f"{ground} !== '{light}'")
        dark = page.value(ground)
        page.value("(() => { const s = document.getElementById('theme'); s.value = 'light'; s.dispatchEvent(new Event('change')); })()")
        assert page.value(ground) == light
        page.go(stand_in.url)
        page.wait("document.documentElement.dataset.theme === 'light'")
        assert page.value(ground) == light != dark
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        assert page.value("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        assert page.value("[...document.querySelectorAll('*')].every((e) => getComputedStyle(e).animationName === 'none' && getComputedStyle(e).transitionDuration === '0s')")


TESTS = [values_are_those_of_the_metrics, updates_arrive, an_article_raw_and_clean, hostile_records_stay_text, hostile_events_stay_text, thousands_of_partitions_are_no_burden, the_token_is_asked_for,
         it_speaks_tls, articles_can_be_switched_off, a_lost_connection_is_said, it_goes_on_after_the_last_event, the_plain_page_has_the_same_numbers,
         a_phone_is_wide_enough, the_keyboard_reaches_everything, motion_and_theme_are_respected, axe_finds_nothing, a_day_does_not_grow_the_tab]


def main():
    if not browsers.program():
        print("skipped: no Chromium here; deploy/packages test installs it")
        return 0
    failed, wanted = 0, sys.argv[2:]
    with scenes.Scene(PROGRAM) as scene, browsers.Browser() as browser:
        for test in TESTS:
            if wanted and test.__name__ not in wanted:
                continue
            started = time.monotonic()
            try:
                test(scene, browser)
                print(f"ok {test.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
            except Exception as error:  # each test is reported
                failed += 1
                print(f"FAILED {test.__name__}: {type(error).__name__}: {error}", flush=True)
            for run in scene.runs:
                run.stop()
            scene.runs.clear()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
