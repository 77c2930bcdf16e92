"""What an interactive zsh makes of a line when Tab is pressed: a real one, in a pty, with the completion of deploy/completion and nothing of the user's own."""
import os
import pty
import select
import subprocess
import tempfile
import time

# A widget of ours completes and writes the line down, so that nothing needs to be read off the screen but the list of choices.
SETUP = """
fpath=({folder} $fpath)
autoload -Uz compinit && compinit -u -D
unsetopt prompt_cr prompt_sp
PROMPT= LISTMAX=0
probe () {{ zle complete-word; print -r -- "$BUFFER" >> {out}; BUFFER= }}
zle -N probe
bindkey '^T' probe
print -r -- ready >> {out}
"""


class Zsh:
    """`with Zsh(folder of _copydesk, folder of the program) as shell: line, screen = shell.complete("copydesk red")`."""

    def __init__(self, completions, programs):
        self.folder = tempfile.TemporaryDirectory(prefix="copydesk-zsh-")
        self.out = os.path.join(self.folder.name, "lines")
        setup = os.path.join(self.folder.name, "setup.zsh")
        with open(setup, "w", encoding="utf-8") as script:
            script.write(SETUP.format(folder=completions, out=self.out))
        self.master, slave = pty.openpty()
        self.child = subprocess.Popen(["zsh", "-f", "-i"], stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=self.folder.name,
                                      env={"PATH": programs + os.pathsep + os.environ["PATH"], "HOME": self.folder.name, "TERM": "dumb", "LC_ALL": "C.UTF-8", "COLUMNS": "200", "LINES": "60"})
        os.close(slave)
        self.count = 0
        self._send(f". {setup}\n")

    def _send(self, text):
        """Until one more line is written down; returns the screen's output."""
        os.write(self.master, text.encode())
        screen, until = b"", time.monotonic() + 30
        while time.monotonic() < until:
            if select.select([self.master], [], [], 0.1)[0]:
                screen += os.read(self.master, 65536)
            elif os.path.exists(self.out) and len(self._lines()) > self.count:
                self.count = len(self._lines())
                return screen.decode("utf-8", "replace")
        raise AssertionError(f"zsh did not answer: {screen[-500:]!r}")

    def _lines(self):
        with open(self.out, encoding="utf-8") as lines:
            return lines.read().splitlines()

    def complete(self, line):
        """The line after completion, and what the screen showed."""
        screen = self._send(line + "\x14")
        return self._lines()[-1], screen

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()
        os.close(self.master)
        self.folder.cleanup()
