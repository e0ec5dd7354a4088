"""The certificate's PDF in a process of its own: how long one takes after the first, and how much memory at most.

`python -m tests.bench.certificate` prints both as JSON; `measure` starts it.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from tests.bench.report import NotRun, Report
from tests.bench.served import ROOT

TIMES = 40


def peak_memory() -> float:
    """The most this process ever held, in MB. Not `ru_maxrss`, which a child inherits from the process that made it."""
    status = Path("/proc/self/status").read_text()
    return (
        next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
        / 1024
    )


def main() -> None:
    """One first certificate, then many for people with other names."""
    from courses.certificates.codes import new_code
    from courses.certificates.pdf import CertificateFacts, certificate_pdf

    before = peak_memory()
    taken, used = [], time.process_time()
    for number in range(TIMES + 1):
        code = new_code()
        facts = CertificateFacts(
            code=code,
            name=f"Siân O’Neill-Łukasz {number}",
            course_title="The first 1001 days",
            edition=1,
            outcomes=tuple(
                f"Say what cue number {n} of a baby means, and what to do next" for n in range(7)
            ),
            completed_on=date(2026, 3, 28),
            issued_on=date(2026, 3, 29),
            individual_minutes=95,
            participatory_minutes=0,
            result="Final quiz passed: 5.5 of 6 marks (92%)",
            organisation_name=None,
            verify_url=f"http://127.0.0.1/verify/{code}/",
            site_name="Notice",
            content_status="Written from published guidance. Not yet reviewed by a clinician.",
        )
        begun = time.perf_counter()
        made = certificate_pdf(facts)
        taken.append(1000 * (time.perf_counter() - begun))
        assert made.startswith(b"%PDF-"), "no PDF was made"
    told = {"first": taken[0], "median": statistics.median(taken[1:]), "size": len(made)}
    told |= {"cpu": 1000 * (time.process_time() - used) / (TIMES + 1)}
    told |= {"slowest": max(taken[1:]), "peak": peak_memory(), "before": before}
    print(json.dumps(told))


def measure(speed: str, memory: str, report: Report) -> None:
    command = [sys.executable, "-m", "tests.bench.certificate"]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60, check=False
    )
    if run.returncode:
        raise NotRun(
            f"the process that makes certificates ended with: {run.stderr.strip().splitlines()[-1:]}"
        )
    told = json.loads(run.stdout)
    said = f"{told['median']:.0f} ms, the median of {TIMES} (first {told['first']:.0f} ms, "
    said += f"slowest {told['slowest']:.0f} ms, CPU {told['cpu']:.0f} ms"
    report.at_most(speed, told["median"], 60, f"{said}; {told['size'] / 1000:.0f} KB)")
    said = f"{told['peak']:.0f} MB ({told['before']:.0f} MB before the first certificate, without Django)"
    report.at_most(memory, told["peak"], 150, said)


if __name__ == "__main__":
    main()
