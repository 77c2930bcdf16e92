#!/usr/bin/env python3
"""bindings/python/copydesk.py over a shared library; with --installed the one that `cmake --install` puts somewhere.

    tests/library/python_binding.py LIBRARY
    tests/library/python_binding.py --installed BUILD

A library with AddressSanitizer is preloaded with it, so that a slice read too late or too far is found."""
import datetime
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import weakref

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = ("<html lang=fr><head><meta charset=windows-1251><title>Le cessez-le-feu à Genève - Exemple</title></head><body><article><h1>Le cessez-le-feu à Genève</h1>"
        "<p>L’été dernier, le gouvernement et les rebelles ont signé un accord de paix, a dit hier le ministre des Affaires étrangères. « Les armes se taisent, "
        "enfin », a déclaré Marie Dupont à Paris le 3 mai 2024.</p><p>L’armée quittera la frontière, selon l’AFP.</p></article></body></html>")
RULES = """rules:
  - id: own.promise
    where: line
    starts: [our promise to you]
    match: ["Our promise to you: the news."]
    keep: ["She kept our promise to you."]
"""

try:
    import copydesk
except ImportError:  # this process only starts the one that tests
    copydesk = None


class Processing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = copydesk.Engine()

    def test_a_page_becomes_an_article(self):
        article = self.engine.process(PAGE, url="https://www.lemonde.fr/monde/1?utm_source=x")
        self.assertEqual(article.title, "Le cessez-le-feu à Genève")
        self.assertEqual(article.language.code, "fr")
        self.assertGreater(article.language.confidence, 0.9)
        self.assertEqual(article.source.domain, "lemonde.fr")
        self.assertEqual(article.source.country, "FR")
        self.assertEqual(article.canonical_url, "https://www.lemonde.fr/monde/1")
        self.assertIn("conflict, war and peace", [s.name for s in article.subjects])
        self.assertIn("Marie Dupont", [p.name for p in article.people])
        self.assertIn("Geneva", [p.name for p in article.places])
        self.assertEqual([d.date for d in article.dates][-1], "2024-05-03")
        self.assertFalse(article.is_reprint)
        self.assertEqual(article.published_at, "")
        self.assertEqual(article.keywords, [])

    def test_json_and_fields_say_the_same(self):
        article = self.engine.process(PAGE)
        record = json.loads(article.json)
        self.assertEqual(record, article.record)
        self.assertEqual(record["schema"], "copydesk/article/1")
        self.assertEqual(len(record["subjects"]), len(article.subjects))
        for subject, wanted in zip(article.subjects, record["subjects"]):
            self.assertEqual((subject.uri, subject.name, subject.confidence, subject.creator), tuple(wanted[k] for k in ("uri", "name", "confidence", "creator")))
            self.assertEqual([e.__dict__ for e in subject.evidence], wanted["evidence"])

    def test_offsets_are_indices(self):
        article = self.engine.process(PAGE)
        self.assertTrue(article.quotes and article.dates)
        for quote in article.quotes:
            self.assertEqual(article.body[quote.offset:quote.offset + quote.length], quote.text)
        for date in article.dates:
            self.assertEqual(article.body[date.offset:date.offset + len(date.text)], date.text)
        for subject in article.subjects:
            for evidence in subject.evidence:
                self.assertEqual(getattr(article, evidence.field)[evidence.offset:][:len(evidence.text)], evidence.text)

    def test_bytes_and_text_and_dicts(self):
        text = "Café owners of the town met the mayor on Monday and spoke about the rent."
        by_type = [self.engine.process(v).body for v in (text, text.encode(), bytearray(text.encode()), memoryview(text.encode()), {"text": text})]
        self.assertEqual(by_type, [text] * 5)
        self.assertEqual(self.engine.process(text.encode("latin-1"), content_type="text/plain; charset=latin1").body, text)
        # A str has been decoded: what the page or the server says of bytes is no longer true.
        self.assertIn("Café", self.engine.process(f"<meta charset=koi8-r><p>{text}", content_type="text/html; charset=koi8-r").body)
        self.assertIn("Café", self.engine.process(f"<p>{text}", headers={"Content-Type": "text/html; charset=koi8-r"}).body)
        self.assertEqual(self.engine.process("a\0b " + text).body.replace("\0", "")[-len(text):], text)

    def test_headers(self):
        body = b"<p>Caf\xe9 owners of the town met the mayor on Monday and spoke about the rent."
        for headers in ({"content-type": "text/html; charset=iso-8859-1"}, [("x", None), ("Content-Type", b"text/html; charset=iso-8859-1")]):
            self.assertIn("Café", self.engine.process(body, headers=headers).body)

    def test_when_it_was_crawled(self):
        moment = datetime.datetime(2024, 5, 6, 12, tzinfo=datetime.timezone.utc)
        article = self.engine.process(PAGE, crawled_at=moment)
        self.assertEqual(article.crawled_at, "2024-05-06T12:00:00Z")
        self.assertIn(("hier", "2024-05-05"), [(d.text, d.date) for d in article.dates])
        self.assertEqual(self.engine.process(PAGE, crawled_at=int(moment.timestamp() * 1000)).json, article.json)
        with self.assertRaisesRegex(ValueError, "time zone"):
            self.engine.process(PAGE, crawled_at=datetime.datetime(2024, 5, 6))

    def test_extra_fields_survive(self):
        self.assertEqual(self.engine.process({"text": "The minister spoke.", "desk": {"a": [1]}}).extra, {"desk": {"a": [1]}})

    def test_rejections(self):
        for value, code in ((b"", "empty-value"), (b"{\"text\": ", "invalid-json"), (b"\x00\x01\x02" * 100, "binary-input"), ("<p></p>", "no-text")):
            with self.assertRaises(copydesk.Rejected) as caught:
                self.engine.process(value)
            self.assertEqual(caught.exception.code, code)
            self.assertTrue(caught.exception.stage and str(caught.exception))
        with self.assertRaises(copydesk.Rejected) as caught:
            self.engine.process(b'{"text": "a" "b"}')
        self.assertEqual(caught.exception.offset, 13)
        self.assertEqual(self.engine.process("The engine goes on.").word_count, 4)

    def test_a_tombstone_is_none(self):
        self.assertIsNone(self.engine.process(None))

    def test_wrong_arguments(self):
        with self.assertRaisesRegex(TypeError, "not int"):
            self.engine.process(5)
        with self.assertRaisesRegex(ValueError, "format is one of auto, json, html, text"):
            self.engine.process("x", format="pdf")
        with self.assertRaisesRegex(ValueError, "evidence is one of"):
            copydesk.Engine(evidence="much")
        with self.assertRaisesRegex(ValueError, "limits has no 'memory'"):
            copydesk.Engine(limits={"memory": 1})
        with self.assertRaisesRegex(ValueError, "negative"):
            copydesk.Engine(limits={"work_max": -1})
        with self.assertRaisesRegex(copydesk.Error, "headlin"):
            copydesk.Engine(fields={"headlin": ["hl"]})


class Options(unittest.TestCase):
    def test_fields_limits_and_evidence(self):
        engine = copydesk.Engine(fields={"text": ["content"], "title": ["hl", "head"]}, limits={"input_bytes_max": 100}, evidence="none")
        article = engine.process({"head": "A storm", "content": "The storm flooded the city."})
        self.assertEqual((article.title, article.body), ("A storm", "The storm flooded the city."))
        self.assertTrue(article.subjects and not article.subjects[0].evidence)
        with self.assertRaises(copydesk.Rejected) as caught:
            engine.process("x" * 101)
        self.assertEqual(caught.exception.code, "input-too-large")

    def test_the_log_says_what_went(self):
        events = []
        engine = copydesk.Engine(log=events.append, log_level="debug")
        gc.collect()
        with self.assertRaises(copydesk.Rejected):
            engine.process("<html><body><nav>Home</nav><script>a()</script></body></html>")
        self.assertEqual([events[0].level, events[0].code], ["info", "no-text"])
        self.assertTrue(any(e.level == "debug" and "removed by" in e.message for e in events))
        with self.assertRaisesRegex(ValueError, "level is one of"):
            copydesk.Engine(log=events.append, log_level="loud")

    def test_a_closed_engine(self):
        with copydesk.Engine() as engine:
            article = engine.process("The minister spoke.")
        self.assertEqual(article.body, "The minister spoke.")
        with self.assertRaisesRegex(ValueError, "closed"):
            engine.process("The minister spoke.")
        engine.close()


class Rulebooks(unittest.TestCase):
    def test_own_rules_over_the_built_in_ones(self):
        own = copydesk.Rulebook(files={"residue/own.yaml": RULES}, extend=True)
        self.assertNotEqual(own.digest, copydesk.Rulebook().digest)
        article = copydesk.Engine(own).process("The army signed a ceasefire on Monday.\n\nOur promise to you: the facts.")
        self.assertEqual(article.body, "The army signed a ceasefire on Monday.")
        self.assertEqual(article.record["cleaning"]["removed"][0]["rule"], "own.promise")
        self.assertEqual(article.record["provenance"]["rulebook"], own.digest)
        self.assertTrue(article.subjects)

    def test_a_folder(self):
        folder = os.path.join(ROOT, "deploy", "rulebook")
        self.assertEqual(copydesk.Rulebook(folder).digest, copydesk.Rulebook().digest)
        with self.assertRaises(copydesk.Error) as caught:
            copydesk.Rulebook(folder + "/missing")
        self.assertEqual(caught.exception.code, "io")

    def test_every_mistake_is_told(self):
        with self.assertRaises(copydesk.RulebookError) as caught:
            copydesk.Rulebook(files={"residue/own.yaml": "rules:\n  - id: own.a\n    were: line\n", "residue/two.yaml": "rules:\n  - id: own.b\n    where: nowhere\n"}, extend=True)
        mistakes = caught.exception.mistakes
        self.assertEqual(caught.exception.code, "invalid-rulebook")
        self.assertEqual((mistakes[0].file, mistakes[0].line, mistakes[0].column), ("residue/own.yaml", 3, 5))
        self.assertIn("residue/two.yaml", [m.file for m in mistakes])
        with self.assertRaisesRegex(copydesk.Error, "relative"):
            copydesk.Rulebook(files={"/etc/a.yaml": ""})


class Memory(unittest.TestCase):
    def test_threads_share_an_engine(self):
        engine = copydesk.Engine()
        values = [PAGE.replace("3 mai", f"{day} mai") for day in range(1, 25)]
        wanted = [engine.process(v).json for v in values]
        got, faults = {}, []

        def work(number):
            try:
                for turn in range(3):
                    for i, value in enumerate(values):
                        got[number, turn, i] = engine.process(value).json
            except Exception as fault:  # pylint: disable=broad-except
                faults.append(fault)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        self.assertEqual(len(got), 4 * 3 * len(values))
        self.assertTrue(all(json_text == wanted[i] for (_, _, i), json_text in got.items()))

    def test_articles_outlive_everything(self):
        engine = copydesk.Engine(copydesk.Rulebook(files={"residue/own.yaml": RULES}, extend=True), fields={"text": ["co" + "ntent"]})
        gone = weakref.ref(engine.rulebook)
        articles = [engine.process({"con" + "tent": f"The minister spoke about storm {i}."}) for i in range(20)]
        engine.close()
        del engine
        gc.collect()
        self.assertIsNone(gone())
        self.assertEqual([a.body for a in articles], [f"The minister spoke about storm {i}." for i in range(20)])

    def test_a_rulebook_lives_as_long_as_an_engine_needs_it(self):
        engine = copydesk.Engine(copydesk.Rulebook())
        gc.collect()
        self.assertEqual(engine.process("The minister spoke.").word_count, 3)

    def test_an_engine_is_collected_with_its_memory(self):
        if "asan" in os.environ.get("LD_PRELOAD", ""):
            self.skipTest("AddressSanitizer keeps freed memory for a while")
        rulebook, sizes = copydesk.Rulebook(), []
        for turn in range(60):
            copydesk.Engine(rulebook).process(PAGE)
            if turn % 10 == 0:
                copydesk.Rulebook()
            gc.collect()
            with open("/proc/self/statm", encoding="ascii") as statm:
                sizes.append(int(statm.read().split()[1]) * 4096)
        self.assertLess(sizes[-1] - sizes[20], 8 << 20)


class Guide(unittest.TestCase):
    def test_the_program_of_the_guide(self):
        with open(os.path.join(ROOT, "docs", "library.md"), encoding="utf-8") as page:
            program = re.search(r"^```python\n(.*?)^```", page.read(), re.S | re.M).group(1)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        self.assertEqual((lines or [done.stderr])[0], "A storm BBC en")
        self.assertTrue(any(line.startswith("disaster") and "flooded" in line for line in lines), done.stdout)
        self.assertIn("2024-05-03 3 May 2024", lines)
        self.assertTrue(lines[-1].startswith("invalid-json "), done.stdout)


class Interface(unittest.TestCase):
    """What this file believes of the headers is what the compiler makes of them."""

    def test_structs_are_the_compilers(self):
        structs = {"desk_slice": copydesk._Slice, "desk_error": copydesk._ErrorStruct, "desk_logger": copydesk._Logger, "desk_field_alias": copydesk._FieldAlias,
                   "desk_engine_options": copydesk._EngineOptions, "desk_rulebook_file": copydesk._RulebookFile, "desk_rulebook_options": copydesk._RulebookOptions,
                   "desk_header": copydesk._Header, "desk_record": copydesk._Record, "desk_result": copydesk._Result}
        with tempfile.TemporaryDirectory() as folder:
            source, program = os.path.join(folder, "layout.c"), os.path.join(folder, "layout")
            with open(source, "w", encoding="utf-8") as out:
                out.write("#include <copydesk/copydesk.h>\n#include <stdio.h>\nint main(void)\n{\n")
                for name, kind in structs.items():
                    for member, _ in kind._fields_:
                        out.write(f'    printf("{name}.{member} %zu %zu\\n", offsetof({name}, {member}), sizeof((({name} *)0)->{member}));\n')
                out.write('    printf("abi %u\\n", DESK_ABI);\n}\n')
            subprocess.run(["cc", "-I", os.path.join(ROOT, "include"), "-o", program, source], check=True, env={**os.environ, "LD_PRELOAD": ""})
            told = subprocess.run([program], capture_output=True, text=True, check=True, env={**os.environ, "LD_PRELOAD": ""}).stdout.split("\n")
        wanted = [f"{name}.{member} {getattr(kind, member).offset} {getattr(kind, member).size}" for name, kind in structs.items() for member, _ in kind._fields_]
        self.assertEqual(told[:len(wanted)], wanted)
        major, minor = divmod(int(told[len(wanted)].split()[1]), 1 << 16)
        self.assertEqual(major, copydesk._ABI_MAJOR)
        self.assertGreaterEqual(minor, copydesk._ABI_MINOR)

    def test_the_versions_agree(self):
        with open(os.path.join(ROOT, "bindings", "python", "pyproject.toml"), encoding="utf-8") as project:
            self.assertIn(f'version = "{copydesk.version()}"', project.read())

    def refused(self, library, words):
        script = "import copydesk\ntry:\n    copydesk.Engine()\nexcept ImportError as fault:\n    print(fault)"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False,
                              env={**os.environ, "COPYDESK_LIBRARY": library, "PYTHONPATH": os.path.dirname(copydesk.__file__)})
        self.assertRegex(done.stdout, words, done.stderr)

    def test_a_library_that_will_not_do(self):
        self.refused("/nowhere/libcopydesk.so.0", "cannot be loaded; install it, or set COPYDESK_LIBRARY")
        with tempfile.TemporaryDirectory() as folder:
            library = os.path.join(folder, "libcopydesk.so.0")
            for source, words in (("int nothing;", "too old for this copydesk.py"), (OTHER_MAJOR, "interface 0.1, .* has 9.0")):
                with open(os.path.join(folder, "other.c"), "w", encoding="utf-8") as out:
                    out.write(source)
                subprocess.run(["cc", "-shared", "-fPIC", "-o", library, os.path.join(folder, "other.c")], check=True, env={**os.environ, "LD_PRELOAD": ""})
                self.refused(library, words)


OTHER_MAJOR = """#include <stdio.h>
#define STUB(name) void *name(void) { return 0; }
STUB(desk_version) STUB(desk_status_code) STUB(desk_rulebook_load) STUB(desk_rulebook_release) STUB(desk_rulebook_digest)
STUB(desk_engine_new) STUB(desk_engine_free) STUB(desk_engine_process)
struct error { int status, error_class; unsigned long offset; char stage[24], file[128]; unsigned line, column; char message[464]; };
int desk_abi_check(unsigned built_for, struct error *err)
{
    sprintf(err->message, "the program is built for interface %u.%u, libcopydesk 9.0.0 has 9.0", built_for >> 16, built_for & 0xFFFF);
    return -2;
}
"""


def start(module, library):
    """Tests in a process of its own, with the sanitizer's library first where ours needs it."""
    needed = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    preload = [subprocess.run(["cc", f"-print-file-name={name}.so"], capture_output=True, text=True, check=True).stdout.strip()
               for name in ("libasan", "libubsan") if f"[{name}.so" in needed]
    environment = {**os.environ, "COPYDESK_LIBRARY": library, "PYTHONPATH": os.path.dirname(module), "LD_PRELOAD": ":".join(preload), "PYTHONDONTWRITEBYTECODE": "1",
                   "ASAN_OPTIONS": "detect_leaks=0", "PYTHONWARNINGS": "error", "PYTHONMALLOC": "malloc"}
    return subprocess.run([sys.executable, os.path.abspath(__file__)], env=environment, check=False).returncode


def start_installed(build):
    with tempfile.TemporaryDirectory() as prefix:
        subprocess.run(["cmake", "--install", build, "--prefix", prefix], check=True, capture_output=True)
        found = {name: os.path.join(top, name) for top, _, names in os.walk(prefix) for name in names if re.fullmatch(r"copydesk\.py|libcopydesk\.so\.\d+", name)}
        return start(found["copydesk.py"], found["libcopydesk.so.0"])


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(start_installed(sys.argv[2]))
    if len(sys.argv) == 2:
        sys.exit(start(os.path.join(ROOT, "bindings", "python", "copydesk.py"), os.path.abspath(sys.argv[1])))
    unittest.main()
