"""What a process takes: time on the clock, CPU time of it and of what it started, and memory.

Two figures of memory: `peak`, all that was resident at once, pages of mapped files among it, which the system may take back at any
time; and `own`, without files. The kernel keeps the first; the second is looked at thirty times a second.
"""

import collections
import glob
import os
import subprocess
import tempfile
import threading
import time

# Found; found nothing; found nothing behind a pipe of xargs.
FINE = (0, 1, 123)
Taken = collections.namedtuple("Taken", "wall cpu peak own out")


def _own(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:")) * 1024
    except (OSError, StopIteration):
        return 0


def run(command, ok=(0,)):
    """Runs a command to its end; what it printed stands in `out`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        own, live = [0], True

        def look():
            while live:
                own[0] = max(own[0], _own(process.pid))
                time.sleep(0.03)

        looking = threading.Thread(target=look)
        looking.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        live = False
        looking.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ok:
            err.seek(0)
            raise SystemExit(f"{' '.join(command)}: status {process.returncode}\n{err.read().decode()}")
        out.seek(0)
        return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, own[0], out.read().decode())


def once(command):
    """Runs a command whose output nobody reads: time on the clock and CPU time. Nothing is forked, so it costs a fraction of a
    millisecond beside what is measured."""
    null = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=null)
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in FINE:
        raise SystemExit(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


def size(folder):
    return sum(os.path.getsize(path) for path in glob.glob(f"{folder}/**", recursive=True) if os.path.isfile(path))


def quantile(values, q):
    """The value below which the share `q` of the values lies, between two of them in proportion."""
    values = sorted(values)
    place = q * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def machine():
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "unknown")
    with open("/proc/meminfo") as info:
        memory = int(next(info).split()[1]) / (1 << 20)
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB of memory, Linux {os.uname().release}"
