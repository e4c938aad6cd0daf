"""Runs the program on one instance after the other and compares. One worker process handles one instance at a time."""
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from multiprocessing import Pool

from . import adversarial, bounds as bounds_module, evaluation, instances, run, training_instances
from .report import Finding, Report, consistency, exit_status, overlap
from .theorems import modules

_SETTINGS = {}
SLOW = {"width", "score_estimation"}  # checked on instances that are meant for them


def start(settings):
    """Initializer of a worker."""
    _SETTINGS.update(settings)


def jobs(count, seed, fixed, bounds_count):
    """('fixed', k), ('random', k), ('bounds', k): all that is to run."""
    result = [("fixed", k) for k in range(len(adversarial.everywhere()))] if fixed else []
    result += [(kind, k) for k in range(count) for kind in ("random", "training")]
    step = 25
    return result + [("bounds", k) for k in range(0, bounds_count, step)]


def instance_of(job, seed):
    kind, k = job
    if kind == "fixed":
        return adversarial.everywhere()[k]
    make = training_instances.random_one if kind == "training" else instances.random_instance
    return make(random.Random(seed * 1000003 + k), k)


def work(job):
    """One job's report; never raises."""
    report = Report("%s %d" % job)
    began, before = time.process_time(), _of_children()
    try:
        if job[0] == "bounds":
            bounds_module.check_many(_SETTINGS["program"], random.Random(_SETTINGS["seed"] * 7 + job[1]), min(25, _SETTINGS["bounds"] - job[1]), report)
        else:
            on_instance(instance_of(job, _SETTINGS["seed"]), job, report)
    except Exception:  # a fault of the oracle must not be silent
        report.discrepancy("the oracle itself", "no exception", traceback.format_exc(limit=4).replace("\n", " | "))
    report.counts["oracle milliseconds"] += int(1000 * (time.process_time() - began))
    report.counts["program milliseconds"] += int(1000 * (_of_children() - before))
    return report


def _of_children():
    """Processor time of the programs that were run, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def on_instance(instance, job, report):
    """evaluate, check and their variants on one instance."""
    folder = tempfile.mkdtemp(prefix="oracle-")
    report.instance = instance.name
    report.counts["instances"] += 1
    try:
        chosen = [t for t in _SETTINGS["theorems"] if t in (instance.theorems or set(_SETTINGS["theorems"]) - SLOW)]
        options = instance.options(folder)
        if _SETTINGS["evaluate"] and (not instance.theorems or "evaluate" in instance.theorems):
            evaluation.check(_SETTINGS["program"], instance, folder, options, report, variants=job[1] % 4 == 0)
        if chosen:
            networks = os.path.join(folder, "networks")
            _theorems(instance, chosen, options + ["--save-networks", networks], report, variants=job[1] % 8 == 0 and job[0] == "random")
    finally:
        if report.discrepancies and _SETTINGS["keep"]:
            kept = os.path.join(_SETTINGS["keep"], instance.name)
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept)
            for line in report.discrepancies:
                line["command"] = line["command"].replace(folder, kept)
        shutil.rmtree(folder, ignore_errors=True)


def _theorems(instance, chosen, options, report, variants):
    answer = run.check(_SETTINGS["program"], chosen, options, _SETTINGS["seconds"])
    if answer.json is None:  # find out which theorem it is
        if len(chosen) > 1:
            for theorem in chosen:
                _theorems(instance, [theorem], options, report, False)
            return
        report.command = answer.line()
        report.discrepancy("%s: no report" % chosen[0], "a report", "exit status %s: %s" % (answer.status, answer.error[-300:]))
        return
    report.command = answer.line()
    findings = [Finding(node) for node in answer.json["findings"]]
    exit_status(report, answer, findings)
    found = modules()
    for finding in findings:
        before = report.command
        report.command = before.replace(" ".join(chosen), finding.theorem)
        report.counts["findings"] += 1
        report.counts[finding.theorem + " " + finding.verdict] += 1
        consistency(report, finding)
        found[finding.theorem].check(instance, finding, report)
        report.count_undecided(finding)
        report.command = before
    if variants:
        _variants(chosen, options, findings, report)


def _variants(chosen, options, findings, report):
    """Other tiers, precisions and numbers of threads never contradict."""
    for more in (("--tier", "deep"), ("--tier", "fast"), ("--bits", "53"), ("--bits", "32", "--tier", "deep"), ("--threads", "7")):
        answer = run.check(_SETTINGS["program"], chosen, options, _SETTINGS["seconds"], more)
        report.command = answer.line()
        if answer.json is None:
            report.discrepancy("no report with %s" % " ".join(more), "a report", "exit status %s: %s" % (answer.status, answer.error[-300:]))
            continue
        for one, node in zip(findings, answer.json["findings"]):
            other = Finding(node)
            consistency(report, other)
            for name in one.quantities:
                if "_radius" in name or name.startswith(("R_cert", "radius_")):
                    continue  # radii are guesses: another rung may prove another one
                overlap(report, "%s: %s" % (one.theorem, name), one.quantity(name), other.quantity(name))
            for name, node_one in [*one.claims.items(), *one.hypotheses.items(), *one.remarks.items()]:
                node_other = other.statement(name)
                if node_other is None:
                    continue
                report.require({node_one["verdict"], node_other["verdict"]} != {"holds", "fails"}, "%s: %s (two runs)" % (one.theorem, name),
                               node_one["verdict"], node_other["verdict"])


def campaign(settings, workers, chosen_jobs, progress):
    """All jobs; the merged report."""
    total = Report()
    with Pool(workers, initializer=start, initargs=(settings,)) as pool:
        for done, report in enumerate(pool.imap_unordered(work, chosen_jobs), 1):
            total.merge(report)
            progress(done, len(chosen_jobs), report, total)
    return total
